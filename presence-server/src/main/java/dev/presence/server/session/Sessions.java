package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.loop.SharedClock;
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
    for (Lane lane : lanes.all()) {
      LaneSessions sessions =
          new LaneSessions(
              new LaneContext(lane, cluster, clock, timings), snapshots, wishes, random);
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
   * Sends all clients to other servers. The sessions stay in their grace periods. Completes when
   * that has been handed to the cluster.
   */
  public CompletableFuture<Void> drain() {
    List<CompletableFuture<Void>> drained = new ArrayList<>();
    for (LaneSessions sessions : byLane.values()) {
      drained.add(CompletableFuture.runAsync(sessions::drain, sessions::run));
    }
    return CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new));
  }
}
