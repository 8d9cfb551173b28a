package dev.presence.lab.simulation;

import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A world in which a story is told step by step, in the words of the stories. */
final class SimulatedWorld {

  private static final long HEARTBEAT_MILLIS = 8_000;

  private final World world;
  private final Store store = new Store();
  private final Map<NodeId, SimulatedServer> servers = new TreeMap<>();

  SimulatedWorld(long seed) {
    world = new World(seed, false);
  }

  World world() {
    return world;
  }

  Store store() {
    return store;
  }

  /** The shared clock. */
  long nowMillis() {
    return world.redis().sharedMillis();
  }

  void advance(Duration time) {
    world.time().advance(time.toMillis());
  }

  void friends(String one, String other) {
    add(one);
    add(other);
    world.postgres().befriend(new UserId(one), new UserId(other));
  }

  private void add(String user) {
    if (world.person(user) == null) {
      var _ = world.addPerson(user);
    }
  }

  SimulatedServer server(String name) {
    SimulatedServer server = new SimulatedServer(world, world.startNode(name));
    servers.put(server.id(), server);
    return server;
  }

  /** Opens a stream whose client gives signs of life, and waits for its hello. */
  SimulatedStream watch(SimulatedServer server, String user) {
    return watched(server.open(user));
  }

  /** The same for a stream that was opened otherwise. */
  SimulatedStream watched(SimulatedStream stream) {
    keepAlive(stream);
    advance(Duration.ofMillis(500));
    if (!stream.greeted()) {
      throw new AssertionError("no hello");
    }
    return stream;
  }

  /** How often the servers ran into this rule. */
  long count(Rule rule) {
    return world.tally().count(rule);
  }

  /** How often one server spoke to another. */
  long told() {
    return world.tally().count(Rule.CALL_FORWARDED);
  }

  /** Sends heartbeats for as long as the stream is not closed. */
  void keepAlive(SimulatedStream stream) {
    var _ =
        world
            .time()
            .schedule(
                HEARTBEAT_MILLIS,
                () -> {
                  if (stream.closed() == null && !stream.isCut()) {
                    stream.heartbeat();
                    keepAlive(stream);
                  }
                });
  }

  /** How many commands the store has executed. */
  long operations() {
    return world.redis().commands();
  }

  int operationsDuring(Duration time, Runnable action) {
    long before = operations();
    action.run();
    advance(time);
    return Math.toIntExact(operations() - before);
  }

  /** The history, by user: {@code "alice open"}. */
  List<String> rows() {
    List<String> all = new ArrayList<>();
    for (HistoryRow row : world.postgres().rows()) {
      all.add(row.user() + (row.open() ? " open" : " closed " + row.closeReason()));
    }
    all.sort(null);
    return all;
  }

  /** In whose name the one row of this user stands. */
  NodeId rowOwner(String user) {
    return row(user).node();
  }

  /** Since when nobody has heard of this user, by the user's one row. */
  long rowLastSignMillis(String user) {
    return row(user).lastSignOfLifeMillis();
  }

  private HistoryRow row(String user) {
    List<HistoryRow> its =
        world.postgres().rows().stream().filter(row -> row.user().value().equals(user)).toList();
    if (its.size() != 1) {
      throw new AssertionError("one row expected: " + its);
    }
    return its.getFirst();
  }

  /** Each question to the database takes so long from now on. */
  void databaseTakes(Duration time) {
    world.postgresTakes(time.toMillis());
  }

  /** The database answers no question until {@link #databaseBack}. */
  void databaseAway() {
    world.postgres().away(true);
  }

  void databaseBack() {
    world.postgres().away(false);
  }

  void keepWish(UserId user, Wish wish) {
    world.postgres().wish(user, wish);
  }

  /** What can be done to the store. */
  final class Store {

    /** No answers, and nothing is done, until {@link #back}. */
    void away() {
      world.reach().cutAll();
    }

    void back() {
      world.reach().mendAll();
    }

    /** A server whose clock is ahead takes over. */
    void jumpAhead(Duration time) {
      world.redis().stepClock(time.toMillis());
    }

    /** Where this node's part ends; null if there is none. */
    @Nullable Head head(NodeId node) {
      return world.redis().heads(List.of(node)).get(node);
    }

    /** The epoch of this node's part, 0 if there is none. */
    long epoch(NodeId node) {
      Head head = head(node);
      return head == null ? 0 : head.position().epoch();
    }

    /** How many sessions this node's map holds, tombstones included. */
    int sessions(NodeId node) {
      return world.redis().sessionCounts().getOrDefault(node, 0);
    }

    /** How often servers have asked for the heads of others. */
    long readingsOfHeads() {
      return world.redis().commandsByKind().getOrDefault("heads", 0L);
    }

    /** Whether there is a record of this node. */
    boolean isListed(NodeId node) {
      return record(node) != null;
    }

    /** What this node said of itself last; null if it is not in the list of nodes. */
    @Nullable NodeRecord record(NodeId node) {
      return world.redis().record(node);
    }

    /** Remembers how things are now. */
    void save() {
      world.redis().save();
    }

    /** The list of nodes, and nothing else, is again what it was when it was saved last. */
    void listFallsBack() {
      world.redis().rollBackNodes(0);
    }

    /** This node's keys, and nothing else, are again what they were when they were saved last. */
    void partFallsBack(NodeId node) {
      world.redis().rollBackPart(node, 0);
    }

    /** This node's keys, and nothing else, are lost. */
    void losePart(NodeId node) {
      world.redis().losePart(node);
    }

    /** Somebody begins to write this node's part again, and does not go on. */
    void beginsPart(NodeId node, long epoch) {
      if (!world.redis().beginRewrite(node, epoch)) {
        throw new AssertionError("refused");
      }
    }

    /** Everything is lost, as by FLUSHALL. */
    void wipe() {
      world.redis().wipe();
    }

    /** Messages about this node's changes are lost from now on. */
    void mute(NodeId node) {
      world.topics().mute(node, true);
    }

    void unmute(NodeId node) {
      world.topics().mute(node, false);
    }

    /** Messages to this server are lost, until {@link #hear}. */
    void deafen(NodeId server) {
      server(server).deafen();
    }

    void hear(NodeId server) {
      server(server).hear();
    }

    private SimulatedServer server(NodeId id) {
      SimulatedServer server = servers.get(id);
      if (server == null) {
        throw new AssertionError("no server " + id);
      }
      return server;
    }
  }
}
