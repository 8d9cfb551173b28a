package dev.presence.lab;

import dev.presence.lab.replay.ReplayCommand;
import dev.presence.lab.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code ./presence} calls for development and proof. */
@Command(
    name = "presence",
    subcommands = {UpCommand.class, TokenCommand.class},
    mixinStandardHelpOptions = true,
    description = "Development and proof of the presence service.")
public final class Main {

  private Main() {}

  /** Runs one command. Exit status: 0 fine, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    Home home = Home.of(System.getenv());
    CommandLine main =
        new CommandLine(new Main())
            .addSubcommand(new ReplayCommand(home.root(), home.directory(), System.out));
    System.exit(main.execute(args));
  }
}
