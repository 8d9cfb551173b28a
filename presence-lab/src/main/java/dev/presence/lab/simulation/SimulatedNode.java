package dev.presence.lab.simulation;

import dev.presence.server.PresenceCore;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.Touch;
import dev.presence.server.journal.BacklogRules;
import dev.presence.server.journal.Journal;
import dev.presence.server.journal.OwnStream;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Timings;
import dev.presence.server.roster.Rosters;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One server: the production classes, wired as {@code PresenceServer} does it, on the run's clock
 * and the fake stores.
 */
final class SimulatedNode {

  private static final int LANES = 2;
  private static final long STEP_MILLIS = 5_000;

  /**
   * A run is short: were as many change sets kept for catching up as real servers keep, no stream
   * would ever be trimmed.
   */
  private static final int KEPT_CHANGE_SETS = 20;

  private final World world;
  private final NodeId id;
  private final String name;
  private final SocketAddress address;
  private final SimulatedProcess process;
  private final RedisLink redis;
  private final FakeTopics.Client topics;
  private final Journal journal;
  private final PresenceCore core;
  private final EventLoop main;
  private final SharedClock clock;
  private final EventLoop clockLoop;

  private boolean started;
  private boolean takesStreams = true;
  private boolean draining;
  private boolean ended;
  private boolean endedOutOfReach;
  private final long startedMillis;
  private long endedAtMillis = -1;
  private long aloneMillis = -1;
  private long aloneEndMillis = -1;
  private long stoppedAtMillis = -1;

  SimulatedNode(World world, String name) {
    this.world = world;
    this.name = name;
    id = new NodeId(name);
    startedMillis = world.time().nowMillis();
    address = InetSocketAddress.createUnresolved(name, 1);
    process = new SimulatedProcess(world.time(), world.random().nextLong(1, 1_000_000));
    redis = new RedisLink(world.time(), world.redis(), process, world.random());
    topics = world.topics().client(process, redis);
    main = process.loop();
    EventLoop journalLoop = process.loop();
    EventLoop clusterLoop = process.loop();
    Executor blocking = world.postgresLatency(process);
    clock = new SharedClock(clusterLoop);
    clockLoop = clusterLoop;
    journal =
        new Journal(
            journalLoop,
            blocking,
            new NotedHistory(world, name),
            clock,
            id,
            name,
            new Published(redis, id),
            BacklogRules.DEFAULT);
    PeerLink peers = new PeerLink(world, this);
    core =
        new PresenceCore(
            id,
            name,
            Timings.DEFAULT,
            clusterLoop,
            laneLoops(process),
            clock,
            redis,
            topics,
            new Rosters(world.postgres(), journalLoop, blocking),
            new History(journal),
            journal::wish,
            peers,
            peers,
            world.random());
    core.cluster().onTouch(this::touched);
    journal.onSettled(core.cluster()::settled);
    journal.onWritten(written -> core.cluster().trim(written.seq() - KEPT_CHANGE_SETS));
  }

  private static List<EventLoop> laneLoops(SimulatedProcess process) {
    return java.util.stream.IntStream.range(0, LANES).mapToObj(_ -> process.loop()).toList();
  }

  /** What this node has published, as Redis keeps it. */
  private record Published(ClusterStore store, NodeId self) implements OwnStream {

    @Override
    public CompletionStage<List<ChangeSet>> after(long seq, int limit) {
      return store.stream(self, seq, limit);
    }

    @Override
    public void trim(long seq) {
      var _ = store.trim(self, seq);
    }
  }

  /** What the cluster knows first, the history hears next. */
  private record History(Journal journal) implements ClusterEvents {

    @Override
    public void published(ChangeSet changeSet) {
      journal.published(changeSet);
    }

    @Override
    public void settle(NodeId node, long lastRenewalMillis) {
      journal.settle(node, lastRenewalMillis);
    }
  }

  private void touched(Touch touch) {
    world.note(name, () -> "its touch with Redis is " + touch);
    boolean before = takesStreams;
    if (touch.greetsAtOnce()) {
      aloneMillis = world.time().nowMillis();
      aloneEndMillis = -1;
    } else if (touch == Touch.IN_TOUCH) {
      aloneEnds();
    }
    takesStreams = touch == Touch.LOST ? takesStreams : touch.takesStreams();
    if (before && !takesStreams) {
      world.tally().rule(Rule.STOPPED_SERVING);
    }
    world.door().changed(this);
  }

  void start() {
    world.note(name, () -> "starts");
    var _ =
        core.start(journal.openAddresses())
            .thenRun(
                () -> {
                  journal.start(core.cluster()::nodes, core.cluster()::remains, core::carried);
                  started = true;
                  world.note(name, () -> "serves");
                  world.door().changed(this);
                });
  }

  /** As by kill -9. */
  void kill() {
    world.note(name, () -> "is killed");
    gone();
  }

  private void aloneEnds() {
    if (aloneMillis >= 0 && aloneEndMillis < 0) {
      aloneEndMillis = world.time().nowMillis();
    }
  }

  private void gone() {
    endedAtMillis = world.time().nowMillis();
    aloneEnds();
    if (process.runs()) {
      stoppedAtMillis = endedAtMillis;
    }
    process.kill();
    topics.close();
    world.door().changed(this);
    world.network().nodeGone(this);
    world.reach().look();
  }

  /** As by kill -STOP. */
  void pause() {
    world.note(name, () -> "is stopped (SIGSTOP)");
    process.pause();
    stoppedAtMillis = world.time().nowMillis();
    world.door().changed(this);
  }

  /** As by kill -CONT. */
  void resume() {
    if (process.isPaused()) {
      world.note(name, () -> "goes on (SIGCONT)");
      process.resume();
      world.door().changed(this);
    }
  }

  /** As by SIGTERM: the steps of {@code PresenceServer.end}, in their order. */
  void drain() {
    drain(DrainRules.DEFAULT);
  }

  /** The same by other rules than those of production. */
  void drain(DrainRules rules) {
    world.note(name, () -> "is drained (SIGTERM)");
    draining = true;
    world.door().changed(this);
    core.cluster().drain();
    var _ =
        core.sessions()
            .drain(rules)
            .thenCompose(drained -> within(core.cluster().flushed(Duration.ofSeconds(4))))
            .thenCompose(flushed -> within(journal.stop(java.time.Duration.ofMillis(STEP_MILLIS))))
            .thenCompose(
                written -> within(core.cluster().stop().thenCompose(stopped -> redis.expire(id))))
            .thenRun(
                () -> {
                  world.note(name, () -> "has ended");
                  ended = true;
                  endedOutOfReach = redis.isCutOff();
                  gone();
                });
  }

  /** As by a second SIGTERM. */
  void hurry() {
    world.note(name, () -> "is told to hurry");
    var _ = core.sessions().hurry();
  }

  /** The step, or that its time is over: the next one follows in any case. */
  private CompletableFuture<Boolean> within(CompletionStage<?> step) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    var _ = step.whenComplete((_, _) -> over.complete(true));
    main.schedule(STEP_MILLIS, () -> over.complete(false));
    return over;
  }

  NodeId id() {
    return id;
  }

  String name() {
    return name;
  }

  SocketAddress address() {
    return address;
  }

  SimulatedProcess process() {
    return process;
  }

  RedisLink redis() {
    return redis;
  }

  FakeTopics.Client topics() {
    return topics;
  }

  PresenceCore core() {
    return core;
  }

  boolean isDead() {
    return process.isDead();
  }

  /** Whether this server is alive, and was when the other one went. */
  boolean outlived(SimulatedNode other) {
    return !isDead() && startedMillis < other.endedAtMillis;
  }

  /** When it last began to take clients in without Redis; -1 if it never did. */
  long aloneMillis() {
    return aloneMillis;
  }

  /** When it reached Redis again after that, or was gone; -1 if it has not yet. */
  long aloneEndMillis() {
    return aloneEndMillis;
  }

  /** Whether it ended in an orderly way. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether it could not give up its lease when it ended, which then ran out by itself. */
  boolean endedOutOfReach() {
    return endedOutOfReach;
  }

  boolean isDraining() {
    return draining;
  }

  /** The shared clock as this server knows it, which is not disturbed by the question. */
  long sharedMillis() {
    return clock.at(clockLoop.nowMillis());
  }

  long startedMillis() {
    return startedMillis;
  }

  /** When it was killed or had ended; -1 before. */
  long endedAtMillis() {
    return endedAtMillis;
  }

  /** When it was stopped, or killed, last. */
  long stoppedAtMillis() {
    return stoppedAtMillis;
  }

  /** Whether it takes new streams. */
  boolean serves() {
    return started && takesStreams && !draining && process.runs();
  }

  /** Whether it answers questions. */
  boolean answers() {
    return started && process.runs();
  }

  @Override
  public String toString() {
    return name;
  }
}
