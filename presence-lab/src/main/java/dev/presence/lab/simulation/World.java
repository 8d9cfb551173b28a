package dev.presence.lab.simulation;

import dev.presence.server.model.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything of one run: its clock, its chance, the stores, the servers and the people. */
final class World {

  /** A server that comes back from being lost keeps those whom it has heard within this. */
  private static final long SPOKE_LATELY_MILLIS = 12_000;

  private final VirtualTime time = new VirtualTime();
  private final RandomGenerator random;
  private final Tally tally = new Tally();
  private final Trace trace;
  private final FakeRedis redis;
  private final FakeTopics topics;
  private final FakePostgres postgres = new FakePostgres();
  private final FrontDoor door;
  private final Network network;
  private final Truth truth;
  private final Oracle oracle;
  private final FaultLog faults;
  private final Reach reach = new Reach(this);

  private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
  private final Map<String, Person> people = new LinkedHashMap<>();
  private final List<Device> devices = new ArrayList<>();
  private long postgresMillis = 2;
  private boolean still;
  private int nodesMade;

  World(long seed, boolean tracing) {
    random = new java.util.Random(seed);
    trace = new Trace(time, tracing);
    redis = new FakeRedis(time, tally);
    topics = new FakeTopics(time, tally, random);
    redis.publishTo(topics::send);
    redis.onLost(this::lost);
    faults = new FaultLog(time);
    door = new FrontDoor(this);
    network = new Network(this);
    truth = new Truth(this);
    oracle = new Oracle(this);
  }

  VirtualTime time() {
    return time;
  }

  RandomGenerator random() {
    return random;
  }

  Tally tally() {
    return tally;
  }

  void note(String who, Supplier<String> what) {
    trace.note(who, what);
  }

  Trace trace() {
    return trace;
  }

  FakeRedis redis() {
    return redis;
  }

  FakeTopics topics() {
    return topics;
  }

  FakePostgres postgres() {
    return postgres;
  }

  FrontDoor door() {
    return door;
  }

  Network network() {
    return network;
  }

  Truth truth() {
    return truth;
  }

  Oracle oracle() {
    return oracle;
  }

  FaultLog faults() {
    return faults;
  }

  Reach reach() {
    return reach;
  }

  // Servers.

  SimulatedNode startNode() {
    return startNode("n" + ++nodesMade);
  }

  SimulatedNode startNode(String name) {
    SimulatedNode node = new SimulatedNode(this, name);
    nodes.put(node.name(), node);
    reach.look();
    node.start();
    return node;
  }

  @Nullable SimulatedNode node(String address) {
    return nodes.get(address);
  }

  List<SimulatedNode> liveNodes() {
    List<SimulatedNode> live = new ArrayList<>();
    for (SimulatedNode node : nodes.values()) {
      if (!node.isDead()) {
        live.add(node);
      }
    }
    return live;
  }

  /** Those that could be hit by a fault: live, running, and not on their way out. */
  List<SimulatedNode> healthyNodes() {
    List<SimulatedNode> healthy = liveNodes();
    healthy.removeIf(node -> node.isDraining() || node.process().isPaused());
    return healthy;
  }

  /** The database's answers take so long from now on. */
  void postgresTakes(long millis) {
    postgresMillis = millis;
  }

  /** Where a server makes its blocking calls: they happen, and are answered, a little later. */
  Executor postgresLatency(SimulatedProcess process) {
    return task -> process.loop().schedule(postgresMillis, task);
  }

  // What the oracle asks.

  /** From when a node's last lease runs, on the run's clock. */
  long leaseFrom(SimulatedNode node) {
    Long renewed = redis.renewedAt(node.id());
    if (node.isDead() && nodes.values().stream().noneMatch(other -> other.outlived(node))) {
      // An outage counts as a renewal for those who were there; newborn servers go by the record.
      return renewed == null ? 0 : renewed;
    }
    return Math.max(
        renewed == null ? 0 : renewed,
        node.isDead()
            ? Math.min(node.endedAtMillis(), reach.awayEndMillis())
            : reach.awayEndMillis());
  }

  /**
   * Whether a session's server is dead or stopped, Redis has lost something since, and the server
   * that tells of it was not there: nobody who was is asked, and nothing that is left says that it
   * counts.
   */
  boolean wordIsLost(SessionTruth session, @Nullable SimulatedNode teller) {
    SimulatedNode node = session.stream.node;
    return node != null
        && !node.process().runs()
        && (teller == null || teller.startedMillis() >= node.stoppedAtMillis() || teller.isDead())
        && faults.redisLostSince(session.stream.greetedMillis);
  }

  /**
   * A node did not renew for lease and handover: others had the time to drop it, unless that was
   * because nobody could renew. Where they had dropped it before that, it keeps whom it has heard
   * lately.
   */
  void lost(NodeId id) {
    long now = time.nowMillis();
    for (SimulatedNode node : nodes.values()) {
      if (!node.id().equals(id)) {
        continue;
      }
      Long renewed = redis.renewedAt(id);
      if (now >= leaseFrom(node) + SessionTruth.LOST_MILLIS) {
        truth.lapse(node);
      } else if (renewed != null && reach.awaySinceMillis() >= renewed + SessionTruth.LOST_MILLIS) {
        truth.lapseSilent(node, now - SPOKE_LATELY_MILLIS);
      }
    }
  }

  /** A node that was cut off alone reaches Redis again: after so long it had its clients moved. */
  void rejoined(SimulatedNode node) {
    long since = cutOffAlone(node);
    if (since >= 0 && time.nowMillis() >= since + SessionTruth.CUT_OFF_MILLIS) {
      truth.lapse(node);
    }
  }

  /** Since when a node is cut off from Redis while others are not; -1 if it is not. */
  long cutOffAlone(SimulatedNode node) {
    return reach.aloneSince(node);
  }

  /** The servers that have taken clients in without Redis at some time. */
  List<SimulatedNode> nodesOnceAlone() {
    List<SimulatedNode> alone = new ArrayList<>();
    for (SimulatedNode node : nodes.values()) {
      if (node.aloneMillis() >= 0) {
        alone.add(node);
      }
    }
    return alone;
  }

  /** Whether no server reaches Redis. */
  boolean redisAway() {
    return reach.isAway();
  }

  /** Whether the last fault ended so long ago. */
  boolean isCalm(long forMillis) {
    return faults.calmSince() + forMillis <= time.nowMillis();
  }

  /** Whether only heartbeats and reads happen now. */
  boolean isStill() {
    return still;
  }

  void still(boolean now) {
    still = now;
  }

  /** Devices that have been live and well connected for so long. */
  List<Device> soundWatchers(long forMillis) {
    List<Device> sound = new ArrayList<>();
    for (Device device : devices) {
      ClientStream stream = device.stream();
      if (stream != null
          && !device.isGone()
          && !device.isSigningOut()
          && stream.line().isSound()
          && !waitsForRoster(stream)
          && device.app().hasBeenLive(forMillis)) {
        sound.add(device);
      }
    }
    return sound;
  }

  /** Its server knows of nobody to tell of: it has no roster, since the database was away. */
  private boolean waitsForRoster(ClientStream stream) {
    return !stream.hasRoster() && faults.databaseFailed(SeenOnline.HEALED_MILLIS);
  }

  /**
   * Whether a server died before it could write a session's history, and Redis or PostgreSQL with
   * it: the one that said hello last, one that a client opened a stream to after that, or the one
   * that took the sign-out.
   */
  boolean historyMayBeLost(SessionTruth session) {
    return faults.historyInDanger(session.firstHelloMillis)
        && truth.streamsOf(session).stream()
            .filter(stream -> stream.attempt >= session.stream.attempt)
            .anyMatch(stream -> hasDied(stream.node) || hasDied(stream.signOutNode));
  }

  private static boolean hasDied(@Nullable SimulatedNode node) {
    return node != null && node.isDead();
  }

  // People.

  Person addPerson(String name) {
    Person person = new Person(name);
    people.put(name, person);
    postgres.addUser(person.user(), name);
    return person;
  }

  @Nullable Person person(String name) {
    return people.get(name);
  }

  List<Person> people() {
    return new ArrayList<>(people.values());
  }

  Device addDevice(Person person, String name, boolean page) {
    devices.removeIf(device -> device.isGone() && device.process().isDead());
    Device device = new Device(this, person, name, page);
    devices.add(device);
    person.devices().removeIf(Device::isGone);
    person.devices().add(device);
    return device;
  }

  List<Device> devices() {
    return devices;
  }
}
