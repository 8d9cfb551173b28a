package dev.presence.lab.chaos;

import dev.presence.lab.Interruptible;
import dev.presence.lab.chaos.Performance.Pace;
import dev.presence.lab.chaos.scenario.Scenario;
import dev.presence.lab.chaos.scenario.Scenarios;
import dev.presence.lab.chaos.stage.Machine;
import dev.presence.lab.chaos.stage.ReplicatedUnderChaos;
import dev.presence.lab.chaos.stage.SingleRedis;
import dev.presence.lab.chaos.stage.Stage;
import dev.presence.lab.store.Leftovers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of chaos. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Does faults to real servers, stores and networks under real clients, and judges by what the"
          + " clients wrote down.",
      "",
      "Starts Redis, PostgreSQL, three servers and Envoy of its own, on free ports, and some"
          + " hundred people of a real friend graph, a quarter of them by the web library, who"
          + " come, go and resume all the while. What apps were told is held against what all"
          + " clients did; so is the history. A fault that did not really happen is a failure too."
          + " Results go into docs/reliability.md.",
      ""
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all is right", "1:something is not, or the run failed", "2:wrong arguments"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ChaosCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Not a scenario, but many of them by lot. */
  private static final String SOAK = "soak";

  private static final int SERVERS = 3;

  @Parameters(
      paramLabel = "SCENARIO",
      description =
          "Which ones; all unless given, but for storm, which has a stage of its own. --list names"
              + " them. Or 'soak': mixed chaos by lot, and a look at what a server holds.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "30",
      description = "For how long soak goes on. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(names = "--list", description = "Name all scenarios, with what they ask for, and end.")
  private boolean list;

  @Option(
      names = "--redis",
      paramLabel = "TOPOLOGY",
      defaultValue = "single",
      description = "Of what kind Redis is: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Topology redis;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "330",
      description =
          "How many clients are there at a time, 20 to 1500; of these some are always just away."
              + " Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Decides what clients do of themselves. Default: by lot.")
  private @Nullable Long seed;

  @Option(names = "--no-record", description = "Leave docs/reliability.md as it is.")
  private boolean unrecorded;

  private final Path root;
  private final Path home;
  private final PrintStream out;

  /** Of what kind Redis is. */
  enum Topology {
    single,
    sentinel,
    cluster;

    Stage.RedisMaker maker() {
      return switch (this) {
        case single -> SingleRedis::start;
        case sentinel ->
            (directory, orphans, _) -> ReplicatedUnderChaos.sentinel(directory, orphans);
        case cluster -> (directory, orphans, _) -> ReplicatedUnderChaos.cluster(directory, orphans);
      };
    }
  }

  /**
   * A command that starts servers of the project at {@code root}.
   *
   * @param home where data and logs go while it runs
   * @param out where it tells of itself
   */
  public ChaosCommand(Path root, Path home, PrintStream out) {
    this.root = root;
    this.home = home;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      Scenarios.ALL.forEach(this::describe);
      describe(Scenarios.STORM);
      return 0;
    }
    if (clients < 20 || clients > 1_500 || minutes < 1) {
      throw wrong("--clients must be 20 to 1500, and --minutes 1 or more");
    }
    long chosenSeed = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
    if (names.contains(SOAK)) {
      if (names.size() > 1) {
        throw wrong("soak goes with no other scenario");
      }
      return Interruptible.run(() -> soak(chosenSeed) ? 0 : 1);
    }
    List<Scenario> scenarios = chosen();
    return Interruptible.run(() -> play(scenarios, chosenSeed) ? 0 : 1);
  }

  private void describe(Scenario scenario) {
    out.printf("%-20s %s: %s%n", scenario.name(), scenario.what(), scenario.bound());
  }

  private List<Scenario> chosen() {
    if (names.isEmpty()) {
      return Scenarios.on(redis.name());
    }
    return names.stream().map(this::chosen).toList();
  }

  private Scenario chosen(String name) {
    Scenario scenario =
        Scenarios.named(name)
            .orElseThrow(() -> wrong("no scenario is called '" + name + "', --list names them"));
    if (!Scenarios.possible(scenario, redis.name())) {
      throw wrong("'" + name + "' cannot happen with --redis " + redis);
    }
    return scenario;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private Stage.Plan plan(Path directory, int count, boolean crowded, long chosenSeed) {
    return new Stage.Plan(
        root,
        root.resolve("presence-server"),
        directory,
        redis.maker(),
        SERVERS,
        count,
        crowded,
        chosenSeed);
  }

  private Path directory() {
    return home.resolve("chaos-" + ProcessHandle.current().pid());
  }

  private boolean play(List<Scenario> scenarios, long chosenSeed)
      throws InterruptedException, SQLException {
    long started = System.nanoTime();
    out.printf(
        "chaos: %d scenarios, --redis %s --clients %d --seed %d%n",
        scenarios.size(), redis, clients, chosenSeed);
    List<Outcome> outcomes = new ArrayList<>();
    try (Machine machine = new Machine()) {
      List<Scenario> usual =
          scenarios.stream().filter(scenario -> !scenario.equals(Scenarios.STORM)).toList();
      Consumer<Outcome> record = record(machine);
      Run run =
          new Run(plan(directory(), clients, false, chosenSeed), machine, Pace.FULL, out, record);
      outcomes.addAll(run.play(usual));
      if (usual.size() < scenarios.size()) {
        Path place = directory().resolve("storm");
        Run storm =
            new Run(
                plan(place, Scenarios.STORM_CLIENTS, true, chosenSeed),
                machine,
                Pace.STORM,
                out,
                record);
        outcomes.addAll(storm.play(List.of(Scenarios.STORM)));
      }
    }
    boolean right = outcomes.stream().allMatch(Outcome::right);
    out.printf(
        "%s %d scenarios in %d s%n",
        right ? "All is right:" : "Not all is right:",
        outcomes.size(),
        Duration.ofNanos(System.nanoTime() - started).toSeconds());
    tellLogs(right);
    return right;
  }

  private Consumer<Outcome> record(Machine machine) {
    return unrecorded ? _ -> {} : new RunRecord(root, redis.name(), machine.description())::write;
  }

  private boolean soak(long chosenSeed) throws InterruptedException, SQLException {
    out.printf(
        "chaos: soak, --minutes %d --redis %s --clients %d --seed %d%n",
        minutes, redis, clients, chosenSeed);
    boolean right;
    try (Machine machine = new Machine();
        Stage stage = Stage.start(plan(directory(), clients, false, chosenSeed))) {
      Consumer<Outcome> record = record(machine);
      long startNanos = System.nanoTime();
      Soak soak =
          new Soak(
              stage,
              machine,
              out,
              step -> out.printf("%7.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, step));
      Outcome outcome = soak.play(Duration.ofMinutes(minutes));
      right = outcome.right();
      record.accept(outcome);
    }
    out.println(right ? "All is right." : "Not all is right.");
    tellLogs(right); // when nothing writes there any more
    return right;
  }

  private void tellLogs(boolean right) {
    if (right) {
      Leftovers.delete(directory());
    } else {
      out.println("logs: " + directory());
    }
  }
}
