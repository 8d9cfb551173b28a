package dev.presence.lab.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that the README shows: each works as shown. */
final class Readme {

  private static final Path ROOT = Path.of(System.getProperty("presence.root"));
  private static final Path README = ROOT.resolve("README.md");
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final String SCRIPT = "./presence ";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration REPLAY = Duration.ofMinutes(2);

  private static final int ENDED_BY_CTRL_C = 130;

  /** Those that take minutes; they are run elsewhere. */
  private static final List<String> NOT_HERE =
      List.of("test", "replay --speed 100000", "chaos kill");

  private final Place place;

  /** To be done where "up" runs. */
  Readme(Place place) {
    this.place = place;
  }

  /** Does all of them, one after the other, but for "up", which is done already. */
  void doAllButUp() throws IOException {
    List<String> commands = commands();
    assertThat(commands).contains("up").containsAll(NOT_HERE).hasSizeGreaterThan(6);
    for (String command : commands) {
      if (!command.equals("up") && !NOT_HERE.contains(command)) {
        run(command);
      }
    }
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(README));
    while (blocks.find()) {
      for (String line : blocks.group(1).lines().toList()) {
        assertThat(line).matches("(\\./presence|curl) .*");
        commands.add(line.startsWith(SCRIPT) ? line.substring(SCRIPT.length()) : line);
      }
    }
    return commands;
  }

  /** A command in the folder of the project, with the ports shifted as those of "up" are. */
  private void runInShell(String command) throws IOException {
    ProcessBuilder shell =
        new ProcessBuilder(
                "bash",
                "-c",
                command
                    .replace("localhost:8080", "localhost:" + place.port(8080))
                    .replace(".presence/edge", place.directory().resolve("edge").toString()))
            .directory(ROOT.toFile());
    shell.environment().putAll(place.environment());
    Process process = shell.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.onExit().join().exitValue()).as(command).isZero();
    assertThat(out).as(command).containsAnyOf("\"presence\"", "envoy.yaml");
  }

  private void run(String command) throws IOException {
    if (command.startsWith("curl ")) {
      runInShell(command);
      return;
    }
    if (command.startsWith("envoy-config ")) {
      runInShell(SCRIPT + command);
      return;
    }
    String[] words = command.split(" ", -1);
    try (Script script = place.presence(words)) {
      boolean endless = words[0].equals("connect") && !List.of(words).contains("--for");
      if (endless) {
        script.awaitLine(SOON, "hello .*");
        script.signal("INT");
      }
      Duration timeout = words[0].equals("replay") ? REPLAY : SOON;
      assertThat(script.awaitExit(timeout))
          .as(command + "\n" + script.out() + "\n" + script.err())
          .isEqualTo(endless ? ENDED_BY_CTRL_C : 0);
      assertThat(script.out()).as(command).isNotEmpty();
    }
  }
}
