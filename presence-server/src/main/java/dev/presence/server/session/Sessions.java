package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.Limits;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Lane;
import dev.presence.server.presence.Lanes;
import dev.presence.server.session.CallRouter.Whereabouts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** All sessions of this node, spread over the lanes by user. Thread-safe, and nothing blocks. */
public final class Sessions {

  private final Lanes lanes;
  private final SharedClock clock;
  private final Map<Lane, LaneSessions> byLane = new LinkedHashMap<>();

  /**
   * Builds the sessions, and connects them to their lanes.
   *
   * @param random makes session ids; used on the lanes, so it must be thread-safe if there are
   *     several loops
   */
  public Sessions(
      Lanes lanes,
      Cluster cluster,
      SnapshotFeeder snapshots,
      WishLog wishes,
      SharedClock clock,
      Timings timings,
      RandomGenerator random) {
    this.lanes = lanes;
    this.clock = clock;
    int waitingOpens = Math.max(1, Limits.WAITING_OPENS / lanes.all().size());
    for (Lane lane : lanes.all()) {
      LaneSessions sessions =
          new LaneSessions(
              new LaneContext(lane, cluster, clock, timings),
              snapshots,
              wishes,
              random,
              waitingOpens);
      lane.sessions(sessions);
      byLane.put(lane, sessions);
    }
    cluster.onTouch(
        touch -> byLane.values().forEach(sessions -> sessions.run(() -> sessions.touched(touch))));
  }

  /**
   * Opens or resumes a session on a new stream. Returns at once; hello, or the reason why there is
   * none, follows in the outbox.
   *
   * @param wake told, on any thread, each time the outbox has something to take
   */
  public Attachment open(OpenCommand command, Runnable wake) {
    LaneSessions sessions = of(command.user());
    Attachment attachment = new Attachment(sessions, wake);
    sessions.run(() -> sessions.open(command, attachment));
    return attachment;
  }

  /** The shared time, Unix milliseconds. */
  public long nowMillis() {
    return clock.nowMillis();
  }

  /** Takes a call if its session is here; else says where that is. */
  CompletableFuture<Whereabouts> take(SessionCall call) {
    LaneSessions sessions = of(call.session().user());
    return CompletableFuture.supplyAsync(() -> sessions.take(call), sessions::run);
  }

  private LaneSessions of(UserId user) {
    LaneSessions sessions = byLane.get(lanes.of(user));
    if (sessions == null) {
      throw new AssertionError("a lane without sessions");
    }
    return sessions;
  }

  /**
   * Sends all clients to other servers, by asking them to move: they open a stream there before
   * they end the one here. Who has not moved in its time is sent away, and its session stays in its
   * grace period. From now on nobody is let in. Completes when no stream is left, and what there is
   * to say of it has been handed to the cluster; a second call changes nothing.
   */
  public CompletableFuture<Void> drain(DrainRules rules) {
    int lanesNow = byLane.size();
    return onEach(sessions -> sessions.drain(rules, lanesNow));
  }

  /**
   * Ends all streams at once, and lets nobody in from now on: a drain that goes on is over then.
   */
  public CompletableFuture<Void> hurry() {
    return onEach(
        sessions -> {
          sessions.hurry();
          return CompletableFuture.completedFuture(null);
        });
  }

  private CompletableFuture<Void> onEach(Function<LaneSessions, CompletableFuture<Void>> task) {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (LaneSessions sessions : byLane.values()) {
      CompletableFuture<Void> one = new CompletableFuture<>();
      sessions.run(
          () -> {
            var _ = task.apply(sessions).thenRun(() -> one.complete(null));
          });
      done.add(one);
    }
    return CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new));
  }

  /** How many streams there are now. */
  public CompletableFuture<Integer> streams() {
    CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
    for (LaneSessions sessions : byLane.values()) {
      sum =
          sum.thenCombine(
              CompletableFuture.supplyAsync(sessions::streams, sessions::run), Integer::sum);
    }
    return sum;
  }
}
