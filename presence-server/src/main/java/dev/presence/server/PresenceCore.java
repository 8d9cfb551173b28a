package dev.presence.server;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.Cluster;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.Witnesses;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.Timings;
import dev.presence.server.presence.Directory;
import dev.presence.server.presence.Lanes;
import dev.presence.server.presence.PresenceQueries;
import dev.presence.server.roster.Rosters;
import dev.presence.server.session.CallRouter;
import dev.presence.server.session.Peers;
import dev.presence.server.session.Sessions;
import dev.presence.server.session.SnapshotFeeder;
import dev.presence.server.session.WishLog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The core of one server: everything between the entries and the adapters. It reaches the world
 * only through what it is given, so the same core runs in production and, several times over, in a
 * simulation.
 */
public final class PresenceCore {

  private final Cluster cluster;
  private final Lanes lanes;
  private final Sessions sessions;
  private final CallRouter calls;
  private final PresenceQueries queries;
  private final Directory directory;

  /**
   * Wires the rooms.
   *
   * @param clusterLoop where the cluster lives
   * @param laneLoops one for each lane
   * @param clock set from the store's answers
   * @param peers the way to other servers
   * @param witnesses the same, asked whether they reach the store
   * @param random makes session ids; thread-safe if there are several loops
   */
  public PresenceCore(
      NodeId self,
      String address,
      Timings timings,
      EventLoop clusterLoop,
      List<? extends EventLoop> laneLoops,
      SharedClock clock,
      ClusterStore store,
      ChangeTopic topic,
      Rosters rosters,
      ClusterEvents events,
      WishLog wishes,
      Peers peers,
      Witnesses witnesses,
      RandomGenerator random) {
    lanes = new Lanes(laneLoops, self, timings.tombstonePeriod().toMillis(), this::whenCaughtUp);
    cluster =
        new Cluster(
            clusterLoop, store, topic, self, address, timings, clock, witnesses, lanes, events);
    sessions =
        new Sessions(
            lanes,
            cluster,
            new SnapshotFeeder(rosters, lanes, this::whenCaughtUp),
            wishes,
            clock,
            timings,
            random);
    calls = new CallRouter(sessions, cluster, peers);
    queries = new PresenceQueries(lanes, rosters, cluster);
    directory = new Directory(rosters, queries);
  }

  private void whenCaughtUp(Runnable then) {
    cluster.whenCaughtUp(then);
  }

  /**
   * How much of everything this server holds, by name: zero when all have left, but for what is
   * remembered for a while.
   */
  public CompletionStage<Map<String, Integer>> sizes() {
    return lanes
        .sizes()
        .thenCombine(
            cluster.sizes(),
            (ofLanes, ofCluster) -> {
              Map<String, Integer> all = new TreeMap<>(ofLanes);
              all.putAll(ofCluster);
              return all;
            });
  }

  /**
   * Joins the fleet. The stage completes when this server may serve.
   *
   * @param remembered see {@link Cluster#start}
   */
  public CompletionStage<Void> start(CompletionStage<List<String>> remembered) {
    return cluster.start(remembered);
  }

  /**
   * Which of these sessions some node carries. Fails while what this server knows of the others may
   * be out of date.
   */
  public CompletionStage<Set<SessionKey>> carried(Collection<SessionKey> sessions) {
    return cluster.stale() || !cluster.complete()
        ? CompletableFuture.failedFuture(new IllegalStateException("out of touch with the others"))
        : lanes.known(sessions);
  }

  /** This node among the others. */
  public Cluster cluster() {
    return cluster;
  }

  /** The sessions of this node. */
  public Sessions sessions() {
    return sessions;
  }

  /** What clients without a stream up say, wherever their sessions are. */
  public CallRouter calls() {
    return calls;
  }

  /** The list of all users. */
  public Directory directory() {
    return directory;
  }

  /** Answers to questions. */
  public PresenceQueries queries() {
    return queries;
  }
}
