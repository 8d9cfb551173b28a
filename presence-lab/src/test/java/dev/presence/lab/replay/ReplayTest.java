package dev.presence.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.clients.WebLibrary;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.replay.Replay.Piece;
import dev.presence.lab.replay.Replay.Result;
import dev.presence.lab.replay.oracle.Fault;
import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.Holds;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plant.Plant;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The replay in short, on real servers behind Envoy. All runs share a fleet and go on at the same
 * time, each with people of its own, since they mostly wait.
 */
@Isolated("its checks have bounds in time")
final class ReplayTest {

  private static final long SEED = 20040415;
  private static final int SESSIONS = 300;

  /** So that somebody comes while a friend is there, and both stay for a while. */
  private static final Holds STAYING = new Holds(5_000, 5_000, 7_000);

  private static final int FEW_SESSIONS = 40;

  private static final ExecutorService EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

  private static final Path ROOT = Path.of(System.getProperty("presence.root"));

  private static Fleet fleet;
  private static WebLibrary library;
  private static Path logs;
  private static CompletableFuture<Result> plain;
  private static CompletableFuture<Result> lostUpdate;
  private static CompletableFuture<Result> earlyOffline;
  private static CompletableFuture<Result> lostRow;
  private static CompletableFuture<Result> extraRow;

  @BeforeAll
  static void start(@TempDir Path directory) {
    library = WebLibrary.find(ROOT, System.getenv());
    fleet =
        Fleet.builder(ROOT, directory)
            .edge(EdgePlan.bare(EdgePorts.free(), directory.resolve("tls")))
            .brief()
            .start();
    logs = directory;
    plain = play("plain-", SESSIONS, Holds.BRIEF, null);
    lostUpdate = play("lost-update-", SESSIONS, STAYING, Plant.Kind.LOST_UPDATE);
    earlyOffline = play("early-offline-", SESSIONS, STAYING, Plant.Kind.EARLY_OFFLINE);
    lostRow = play("lost-row-", FEW_SESSIONS, Holds.BRIEF, Plant.Kind.LOST_ROW);
    extraRow = play("extra-row-", FEW_SESSIONS, Holds.BRIEF, Plant.Kind.EXTRA_ROW);
  }

  @AfterAll
  static void stop() {
    EXECUTOR.shutdownNow();
    fleet.close();
  }

  private static CompletableFuture<Result> play(
      String prefix, int sessions, Holds holds, Plant.@Nullable Kind plant) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Plan.Options options = new Plan.Options(SEED, 150_000, sessions, holds);
            return Replay.throughEdge(fleet, library, logs, moment -> {})
                .play(new Piece(ChatLog.bundled(), options, prefix, plant));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        EXECUTOR);
  }

  @Test
  void shouldFindNothingWrong() {
    Result result = plain.join();

    assertThat(result.verdict().faults()).isEmpty();
    assertThat(result.shortcomings()).isEmpty();
    assertThat(result.right()).isTrue();
    assertThat(result.outcome().tally().finished()).isEqualTo(SESSIONS);
    assertThat(result.outcome().tally().webSessions()).isBetween(SESSIONS / 5L, SESSIONS / 4L);
    assertThat(result.outcome().tally().webResumes()).isPositive();
    assertThat(result.outcome().tally().resumesSame()).isPositive();
    assertThat(result.outcome().tally().resumesOther()).isPositive();
    assertThat(result.outcome().tally().connectionsDropped()).isPositive();
    assertThat(result.verdict().updatesChecked()).isPositive();
    assertThat(result.verdict().viewsCompared()).isPositive();
    assertThat(result.verdict().rowsCompared()).isEqualTo(SESSIONS);
  }

  @Test
  void shouldFindAnUpdateThatWasLost() {
    Result result = lostUpdate.join();
    if (result.planted().isEmpty()) {
      // Nobody came for long enough while a friend watched: there was nothing to lose.
      result = play("lost-update-again-", SESSIONS, STAYING, Plant.Kind.LOST_UPDATE).join();
    }
    assertFound(result, Kind.MISSING_UPDATE);
  }

  @Test
  void shouldFindAnOfflineThatCameTooEarly() {
    assertFound(earlyOffline.join(), Kind.FALSE_OFFLINE);
  }

  @Test
  void shouldFindARowThatWasLost() {
    assertFound(lostRow.join(), Kind.MISSING_ROW);
  }

  @Test
  void shouldFindARowTooMany() {
    assertFound(extraRow.join(), Kind.EXTRA_ROW);
  }

  private static void assertFound(Result result, Kind kind) {
    assertThat(result.planted()).isNotEmpty();
    assertThat(result.right()).isFalse();
    assertThat(result.shortcomings()).isEmpty();
    List<Fault> faults =
        result.verdict().faults().stream().filter(fault -> fault.kind() == kind).toList();
    assertThat(faults)
        .isNotEmpty()
        .allSatisfy(
            fault -> {
              assertThat(fault.user()).isNotEmpty();
              assertThat(fault.sessionId()).isNotEmpty();
              assertThat(fault.atWallMillis()).isPositive();
            })
        .anySatisfy(
            fault ->
                assertThat(result.planted())
                    .satisfiesAnyOf(
                        planted -> assertThat(planted).contains("user " + fault.user() + " "),
                        planted -> assertThat(planted).endsWith(fault.sessionId())));
  }
}
