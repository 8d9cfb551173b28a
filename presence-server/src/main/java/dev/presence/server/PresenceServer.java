package dev.presence.server;

import dev.presence.server.auth.KeySet;
import dev.presence.server.auth.TokenVerifier;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.cluster.Touch;
import dev.presence.server.config.PostgresConfig;
import dev.presence.server.config.RedisConfig;
import dev.presence.server.config.ServerConfig;
import dev.presence.server.grpc.GrpcServer;
import dev.presence.server.journal.BacklogRules;
import dev.presence.server.journal.Journal;
import dev.presence.server.journal.OwnStream;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.loop.ThreadEventLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.Limits;
import dev.presence.server.model.NodeId;
import dev.presence.server.peer.PeerChannels;
import dev.presence.server.peer.PeerServer;
import dev.presence.server.postgres.PostgresJournalSink;
import dev.presence.server.postgres.PostgresPool;
import dev.presence.server.postgres.PostgresRosterSource;
import dev.presence.server.postgres.PostgresUpkeep;
import dev.presence.server.postgres.PostgresUpkeep.SchemaState;
import dev.presence.server.redis.RedisClients;
import dev.presence.server.redis.RedisSettings;
import dev.presence.server.roster.Rosters;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the presence service: built here, started from the inside out, and drained from the
 * outside in.
 *
 * <p>Order of start: stores, core, port; health says SERVING once the node's part stands in Redis
 * and all other nodes have been read. Order of end: health, streams, history, lease, port, stores;
 * all of it within the time that {@link DrainRules} gives.
 */
final class PresenceServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PresenceServer.class);

  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration HISTORY_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration STREAMS_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LEASE_TIMEOUT = Duration.ofSeconds(5);

  private final NodeId self;
  private final RedisClients redis;
  private final PostgresPool pool;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ThreadEventLoop clusterLoop = new ThreadEventLoop("cluster");
  private final ThreadEventLoop journalLoop = new ThreadEventLoop("journal");
  private final List<ThreadEventLoop> laneLoops;
  private final PostgresUpkeep upkeep;
  private final Journal journal;
  private final PresenceCore core;
  private final PeerChannels peers;
  private final PeerServer door;
  private final GrpcServer grpc;
  private final DrainRules drain;
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private PresenceServer(ServerConfig config) throws IOException {
    drain = config.drain();
    SecureRandom random = new SecureRandom();
    self = nodeId(config.node().name(), random);
    redis = RedisClients.connect(settings(config.redis()));
    PostgresConfig postgres = config.postgres();
    pool =
        new PostgresPool(
            postgres.url(),
            postgres.user(),
            postgres.password().value(),
            PostgresPool.DEFAULT_SIZE,
            postgres.statementTimeout());
    laneLoops =
        IntStream.range(0, config.node().lanes())
            .mapToObj(number -> new ThreadEventLoop("lane-" + number))
            .toList();

    SharedClock clock = new SharedClock(clusterLoop);
    upkeep = new PostgresUpkeep(journalLoop, blocking, pool);
    journal =
        new Journal(
            journalLoop,
            blocking,
            new PostgresJournalSink(pool),
            clock,
            self,
            config.internal().address(),
            new Published(redis.store(), self),
            new BacklogRules(BacklogRules.DEFAULT_HELD_ROWS, config.journalBacklog()));
    peers = new PeerChannels(config.internal());
    core =
        new PresenceCore(
            self,
            config.internal().address(),
            config.timings(),
            clusterLoop,
            laneLoops,
            clock,
            redis.store(),
            redis.topic(),
            new Rosters(
                new PostgresRosterSource(pool),
                journalLoop,
                blocking,
                Rosters.DEFAULT_CACHED_CONTACTS,
                config.rosterTtl()),
            new History(journal),
            journal::wish,
            peers,
            peers,
            random);
    core.cluster().onTouch(this::touched);
    journal.onSettled(core.cluster()::settled);
    journal.onWritten(written -> core.cluster().trim(written.seq() - Limits.STREAM_CHANGE_SETS));

    KeySet keys =
        new KeySet(
            config.auth().jwksFile(), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    door =
        new PeerServer(
            config.internal(), core.calls()::handedOn, core.cluster()::reachesStore, this::order);
    grpc =
        new GrpcServer(
            config.grpc(),
            new TokenVerifier(keys, config.auth().audience(), InstantSource.system()),
            new GrpcServer.Verbs(core.sessions(), core.calls(), core.queries(), core.directory()),
            config.timings(),
            self.value());
  }

  private void touched(Touch touch) {
    if (!touch.takesStreams()) {
      grpc.cutOff();
    } else if (touch != Touch.LOST) {
      grpc.serve();
    }
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

  /** A new id at every boot: a restarted server must not inherit what its predecessor left. */
  private static NodeId nodeId(String name, SecureRandom random) {
    byte[] nonce = new byte[4];
    random.nextBytes(nonce);
    return new NodeId(
        name
            + "-"
            + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
            + "-"
            + HexFormat.of().formatHex(nonce));
  }

  private static RedisSettings settings(RedisConfig config) {
    return new RedisSettings(
        config.url(),
        config.file(),
        config.username(),
        config.password() == null ? null : config.password().value());
  }

  /**
   * Builds a server and starts it. Returns when its port is open; it serves once it knows the
   * others.
   *
   * @throws IOException if the port cannot be opened
   * @throws IllegalStateException if Redis cannot be used, or the database's schema is too old
   */
  static PresenceServer start(ServerConfig config) throws IOException {
    PresenceServer server = new PresenceServer(config);
    try {
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void start() throws IOException {
    if (upkeep.start().toCompletableFuture().join() == SchemaState.OUTDATED) {
      throw new IllegalStateException(upkeep.problem());
    }
    door.start();
    grpc.start();
    log.atInfo().addKeyValue("node", self).addKeyValue("port", grpc.port()).log("started");
    var _ =
        core.start(journal.openAddresses())
            .thenRun(
                () -> {
                  journal.start(core.cluster()::nodes, core.cluster()::remains, core::carried);
                  grpc.serve();
                  log.atInfo().addKeyValue("node", self).log("serving");
                });
  }

  /**
   * Ends in an orderly way: health says so first, then clients are asked to move to other servers,
   * and nothing is lost. A second call changes nothing. Returns at once; the stage, which is the
   * same for all calls, completes when all has ended.
   */
  CompletableFuture<Void> leave() {
    if (leaving.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .name("leaving")
          .start(
              () -> {
                try {
                  end();
                } finally {
                  ended.complete(null);
                }
              });
    }
    return ended;
  }

  /** Completes when all has ended, for whatever reason. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Does not wait any more for clients to move: who is left is sent away at once. */
  void hurry() {
    var _ = core.sessions().hurry();
  }

  /** Ends at once, but in order. Returns when all has ended. */
  @Override
  public void close() {
    hurry();
    leave().join();
  }

  /** What an operator orders past all clients: to leave, and perhaps in a hurry. */
  private CompletableFuture<Integer> order(boolean hurry) {
    var _ = leave();
    if (hurry) {
      hurry();
    }
    return core.sessions().streams();
  }

  private void end() {
    Countdown countdown = new Countdown(drain.timeout());
    log.atInfo().addKeyValue("node", self).log("ending");
    grpc.drain();
    core.cluster().drain();
    countdown.await(core.sessions().drain(drain), drain.streamsEndWithin().plusSeconds(1));
    log.atInfo().addKeyValue("node", self).log("no stream is left");
    countdown.await(
        core.cluster().flushed(countdown.left(PUBLISH_TIMEOUT)).toCompletableFuture(),
        HISTORY_TIMEOUT);
    grpc.stop(countdown.left(STREAMS_TIMEOUT));
    // Before the history ends: what others hand on later would be taken, and written nowhere.
    door.stop();
    peers.close();
    countdown.await(
        journal.stop(countdown.left(HISTORY_TIMEOUT)).toCompletableFuture(),
        HISTORY_TIMEOUT.plusSeconds(1));
    upkeep.stop();
    countdown.await(
        core.cluster()
            .stop()
            .thenCompose(stopped -> redis.store().expire(self))
            .toCompletableFuture(),
        LEASE_TIMEOUT);
    List<ThreadEventLoop> loops = new ArrayList<>(laneLoops);
    loops.add(clusterLoop);
    loops.add(journalLoop);
    loops.forEach(ThreadEventLoop::close);
    blocking.shutdownNow();
    redis.close();
    pool.close();
    log.atInfo().addKeyValue("node", self).log("ended");
  }
}
