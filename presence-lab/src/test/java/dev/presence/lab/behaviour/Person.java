package dev.presence.lab.behaviour;

import dev.presence.client.ConnectionState;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.PresenceState;
import dev.presence.client.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Somebody with the client library, over a network that a test can cut under it. */
final class Person implements PresenceListener, AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(10);

  /** For what has no bound of its own, on a machine that may be busy with other tests. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String user;
  private final Network network;
  private final Moment connecting = Moment.now();
  private final PresenceSession session;
  private final Map<String, Presence> view = new ConcurrentHashMap<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<ConnectionState.Phase> phases = new CopyOnWriteArrayList<>();
  private volatile boolean snapshot;

  /** A change that the library reported after the snapshot. */
  record Event(long nanos, Presence presence) {
    boolean is(String user, PresenceState state) {
      return presence.userId().equals(user) && presence.state() == state;
    }
  }

  Person(World world, String user, Network network) {
    this.user = user;
    this.network = network;
    session =
        PresenceClient.builder(network)
            .tokens(() -> world.fleet().tokens().user(user))
            .device("test")
            .build()
            .connect(this);
  }

  String user() {
    return user;
  }

  PresenceSession session() {
    return session;
  }

  Network network() {
    return network;
  }

  /** When connect was called. */
  Moment connecting() {
    return connecting;
  }

  Person awaitLive() {
    Awaitility.await(user + " to be live")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> snapshot);
    return this;
  }

  SessionInfo info() {
    return session.info().orElseThrow();
  }

  PresenceState sees(String friend) {
    Presence presence = view.get(friend);
    return presence == null ? PresenceState.OFFLINE : presence.state();
  }

  /** Waits for the first report that this friend is so. */
  Event awaitEvent(String friend, PresenceState state, Duration timeout) {
    return Awaitility.await(user + " to see " + friend + " " + state)
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> events.stream().filter(event -> event.is(friend, state)).findFirst().orElse(null),
            event -> event != null);
  }

  /** Waits until this friend is seen so, whether by a change or from the beginning. */
  void awaitView(String friend, PresenceState state, Duration timeout) {
    Awaitility.await(user + " to see " + friend + " " + state)
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> sees(friend) == state);
  }

  /** What was reported of this friend, in order. */
  List<PresenceState> reported(String friend) {
    return events.stream()
        .map(Event::presence)
        .filter(presence -> presence.userId().equals(friend))
        .map(Presence::state)
        .toList();
  }

  List<Event> events() {
    return events;
  }

  void signOut() {
    session.signOut().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    view.putAll(contacts);
    snapshot = true;
  }

  @Override
  public void onChange(Presence contact) {
    view.put(contact.userId(), contact);
    events.add(new Event(System.nanoTime(), contact));
  }

  @Override
  public void onState(ConnectionState state) {
    phases.add(state.phase());
  }

  /** How its connection fared, as the app is told. */
  List<ConnectionState.Phase> phases() {
    return phases;
  }

  @Override
  public void close() {
    session.close();
  }
}
