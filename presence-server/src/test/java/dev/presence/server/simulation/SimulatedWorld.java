package dev.presence.server.simulation;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;
import dev.presence.server.roster.Rosters;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The clock, the store, the database and the clients' habits of one simulated run. */
final class SimulatedWorld {

  private static final long HEARTBEAT_MILLIS = 8_000;

  private final ManualLoop loop = new ManualLoop(1_000_000);
  private final SimulatedStore store = new SimulatedStore(loop);
  private final Random random;
  private final Map<UserId, Set<UserId>> contacts = new TreeMap<>();
  private final Map<UserId, Wish> wishes = new TreeMap<>();
  private final Map<UserId, Long> lastSeen = new TreeMap<>();
  private final Map<String, String> rows = new LinkedHashMap<>();

  private final Map<String, SimulatedServer> servers = new TreeMap<>();

  private int told;
  private boolean historyLags;
  private boolean databaseAway;
  private long databaseMillis;

  SimulatedWorld(long seed) {
    random = new Random(seed);
  }

  ManualLoop loop() {
    return loop;
  }

  SimulatedStore store() {
    return store;
  }

  /** The shared clock. */
  long nowMillis() {
    return store.nowMillis();
  }

  void advance(Duration time) {
    loop.advance(time);
  }

  void later(long millis, Runnable task) {
    var _ = loop.schedule(millis, task);
  }

  void friends(String one, String other) {
    contacts.computeIfAbsent(new UserId(one), u -> new TreeSet<>()).add(new UserId(other));
    contacts.computeIfAbsent(new UserId(other), u -> new TreeSet<>()).add(new UserId(one));
  }

  /** The way from server to server: a server that is dead does not answer. */
  CompletionStage<Reception> tell(String address, SessionCall call) {
    told++;
    SimulatedServer receiver = servers.get(address);
    return receiver == null
        ? CompletableFuture.completedFuture(Reception.UNREACHABLE)
        : receiver.handedOn(call);
  }

  /** How often one server spoke to another. */
  int told() {
    return told;
  }

  Random random() {
    return random;
  }

  SimulatedServer server(String name) {
    SimulatedServer server = new SimulatedServer(this, name, random);
    servers.put(name, server);
    return server;
  }

  /** Sends heartbeats for as long as the stream is not closed. */
  void keepAlive(SimulatedStream stream) {
    var _ =
        loop.schedule(
            HEARTBEAT_MILLIS,
            () -> {
              if (stream.closed() == null && !stream.isCut()) {
                stream.heartbeat();
                keepAlive(stream);
              }
            });
  }

  int operationsDuring(Duration time, Runnable action) {
    int before = store.operations;
    action.run();
    advance(time);
    return store.operations - before;
  }

  void journaled(ChangeSet changeSet) {
    for (SessionRecord record : changeSet.records()) {
      boolean closed = record.phase() == Phase.CLOSED;
      rows.put(
          record.id().toString(),
          record.user() + (closed ? " closed " + record.closeReason() : " open"));
      if (closed) {
        lastSeen.merge(record.user(), record.lastSignOfLifeMillis(), Math::max);
      }
    }
  }

  /** The history, by user: {@code "alice open"}. */
  List<String> rows() {
    List<String> all = new ArrayList<>(rows.values());
    all.sort(null);
    return all;
  }

  /** The history writes no wish from now on. */
  void historyLags() {
    historyLags = true;
  }

  /** Each question to the database takes so long from now on. */
  void databaseTakes(Duration time) {
    databaseMillis = time.toMillis();
  }

  /** The database answers no question until {@link #databaseBack}. */
  void databaseAway() {
    databaseAway = true;
  }

  void databaseBack() {
    databaseAway = false;
  }

  private void ask() {
    if (databaseAway) {
      throw new IllegalStateException("the database is away");
    }
  }

  void keepWish(UserId user, Wish wish) {
    if (historyLags) {
      return;
    }
    wishes.merge(user, wish, Wish::newer);
  }

  Rosters rosters(EventLoop own) {
    return new Rosters(new Source(), own, task -> own.schedule(databaseMillis, task));
  }

  private final class Source implements RosterSource {

    @Override
    public Map<UserId, StoredRoster> rosters(Collection<UserId> users) {
      ask();
      Map<UserId, StoredRoster> rosters = new TreeMap<>();
      for (UserId user : users) {
        List<StoredContact> list = new ArrayList<>();
        for (UserId contact : contacts.getOrDefault(user, Set.of())) {
          list.add(new StoredContact(contact, contact.value(), true));
        }
        rosters.put(user, new StoredRoster(wishes.getOrDefault(user, Wish.NONE), list));
      }
      return rosters;
    }

    @Override
    public Map<UserId, StoredUser> users(Collection<UserId> users) {
      ask();
      Map<UserId, StoredUser> stored = new TreeMap<>();
      for (UserId user : users) {
        stored.put(
            user,
            new StoredUser(
                user.value(),
                lastSeen.getOrDefault(user, 0L),
                wishes.getOrDefault(user, Wish.NONE)));
      }
      return stored;
    }

    @Override
    public List<ListedUser> directory(String afterName, String afterId, int limit) {
      throw new UnsupportedOperationException("nobody looks at the directory here");
    }
  }
}
