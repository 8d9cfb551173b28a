package dev.presence.lab.behaviour;

import dev.presence.lab.edge.DevSignIn;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import dev.presence.lab.store.Leftovers;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisUser;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Two servers on Redis and PostgreSQL, and fresh people for each test. */
final class World implements AutoCloseable {

  private static final AtomicInteger PEOPLE = new AtomicInteger();

  /** Stands for all servers, in place of the number of one. */
  private static final int EVERYWHERE = -1;

  private final Path directory;
  private final DevSignIn signIn;
  private final Fleet fleet;
  private final Map<Integer, ManagedChannel> channels = new ConcurrentHashMap<>();

  /** Everybody whom tests have made up, for the sign-in. */
  private final Map<String, String> people = new ConcurrentHashMap<>();

  /** One with the settings of production. */
  World() {
    this(Map.of());
  }

  /** With Envoy and the page in front, and these settings of the servers. */
  World(Map<String, String> settings) {
    this(settings, RedisKind.SINGLE, true);
  }

  /** One with a Redis of several processes; nothing stands in front. */
  static World on(RedisKind redis) {
    return new World(Map.of(), redis, false);
  }

  private World(Map<String, String> settings, RedisKind redis, boolean front) {
    Path root = Path.of(System.getProperty("presence.root"));
    try {
      Path all = Files.createDirectories(root.resolve("presence-lab/target/behaviour"));
      directory = Files.createTempDirectory(all, "world");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path keys = directory.resolve("keys");
    signIn = DevSignIn.start(new Tokens(DevelopmentKeys.in(keys)), people);
    Path page = root.resolve("presence-web/dist-page");
    Fleet.Builder builder =
        Fleet.builder(root, directory).keys(keys).redis(redis, RedisUser.options()).brief();
    builder.setting("redis.username", RedisUser.NAME).setting("redis.password", RedisUser.PASSWORD);
    if (front) {
      builder.edge(new EdgePlan(EdgePorts.free(), directory.resolve("tls"), page, signIn.port()));
    }
    settings.forEach(builder::setting);
    fleet = builder.start();
  }

  /**
   * Gives every test class that asks the same world: for tests that mostly wait, and do no harm.
   */
  static final class Shared extends Giver {
    Shared() {
      super(Namespace.create(Shared.class), World::new);
    }
  }

  /**
   * Gives every test class that asks the same world, to one after the other: for tests that take
   * parts of it away, and put them back.
   */
  static final class Rough extends Giver {

    /** What such a class locks. */
    static final String LOCK = "the rough world";

    /** For how long a hidden page may be silent here: for tests that wait for that. */
    static final Duration HIDDEN_TIMEOUT = Duration.ofSeconds(12);

    Rough() {
      super(
          Namespace.create(Rough.class),
          () -> new World(Map.of("heartbeat.hidden-timeout", HIDDEN_TIMEOUT.toSeconds() + "s")));
    }
  }

  /**
   * Gives a world in which one thing happens at a time, to one class after the other: for tests
   * that count what it costs.
   */
  static final class Quiet extends Giver {

    /** What such a class locks. */
    static final String LOCK = "the quiet world";

    Quiet() {
      super(Namespace.create(Quiet.class), World::new);
    }
  }

  /** Gives one world, made when it is first asked for and closed after the last test. */
  abstract static class Giver implements ParameterResolver {
    private final Namespace namespace;
    private final Supplier<World> make;

    Giver(Namespace namespace, Supplier<World> make) {
      this.namespace = namespace;
      this.make = make;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(namespace)
          .computeIfAbsent(World.class, key -> make.get(), World.class);
    }
  }

  /** For what a test leaves behind to look at. */
  Path directory() {
    return directory;
  }

  Fleet fleet() {
    return fleet;
  }

  ManagedChannel channel(int server) {
    return channels.computeIfAbsent(
        server, number -> number == EVERYWHERE ? fleet.channel() : fleet.channel(number));
  }

  /** Starts a server again that was killed, and waits until clients find it. */
  void restart(int server) {
    fleet.restart(server);
    channels.values().forEach(ManagedChannel::resetConnectBackoff);
  }

  /** A new user who is a mutual contact of each of the others. */
  String friendOf(String... others) {
    return friendsOf(1, others).getFirst();
  }

  /** New users, each a mutual contact of each of the others. */
  List<String> friendsOf(int count, String... others) {
    List<String> made = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    List<String> contacts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String user = "person-" + PEOPLE.incrementAndGet() + "-with-a-name-of-some-length";
      made.add(user);
      people.put(user, user);
      for (String other : others) {
        owners.addAll(List.of(user, other));
        contacts.addAll(List.of(other, user));
      }
    }
    insert("insert into users (id, name) select * from unnest(?, ?)", made, made);
    insert(
        "insert into contacts (owner_id, contact_id) select * from unnest(?, ?)", owners, contacts);
    return made;
  }

  /** Gives a user the name that others see. */
  void name(String user, String name) {
    people.put(user, name);
    insert(
        "update users u set name = n.name from unnest(?, ?) n(id, name) where u.id = n.id",
        List.of(user),
        List.of(name));
  }

  /** Lets a user have been seen last so long ago. */
  void seen(String user, Duration ago) {
    insert(
        "update users u set last_seen_at = now() - n.ago::interval from unnest(?, ?) n(id, ago)"
            + " where u.id = n.id",
        List.of(user),
        List.of(ago.toSeconds() + " seconds"));
  }

  private void insert(String sql, List<String> first, List<String> second) {
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", first.toArray()));
      statement.setArray(2, connection.createArrayOf("text", second.toArray()));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The history of a user, oldest first: the close reason, or OPEN. */
  List<String> rows(String user) {
    return column(
        "select coalesce(close_reason, 'OPEN') from sessions where user_id = ? order by opened_at",
        user);
  }

  /** Waits until a user's history has so many rows, none of them open. */
  List<String> rowsSoon(String user, int count) {
    return Awaitility.await("the rows of " + user)
        .atMost(Person.SOON)
        .until(() -> rows(user), rows -> rows.size() >= count && !rows.contains("OPEN"));
  }

  /** The id of the newest session of a user, once it is written. */
  String newestSession(String user) {
    String newestFirst =
        "select session_id::text from sessions where user_id = ? order by opened_at desc";
    return Awaitility.await("a session of " + user)
        .atMost(Person.SOON)
        .until(() -> column(newestFirst, user), ids -> !ids.isEmpty())
        .getFirst();
  }

  private List<String> column(String sql, String user) {
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, user);
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(result.getString(1));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What Envoy writes down. */
  EdgeLog edgeLog() {
    return new EdgeLog(fleet.edge().accessLog());
  }

  /** The ids of the servers that have not ended. */
  List<String> nodes() {
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement statement =
            connection.prepareStatement("select id from nodes where ended_at is null");
        ResultSet result = statement.executeQuery()) {
      List<String> nodes = new ArrayList<>();
      while (result.next()) {
        nodes.add(result.getString(1));
      }
      return nodes;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** When a user was last seen, as it is stored. */
  Optional<Instant> lastSeen(String user) {
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement statement =
            connection.prepareStatement("select last_seen_at from users where id = ?")) {
      statement.setString(1, user);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? Optional.ofNullable(result.getTimestamp(1)).map(Timestamp::toInstant)
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client of this user on this server, connecting. */
  Person person(String user, int server) {
    return new Person(this, user, new Network(List.of(channel(0), channel(1)), server));
  }

  /** A client of this user that knows all servers, and chooses by itself; connecting. */
  Person roamer(String user) {
    return new Person(this, user, new Network(List.of(channel(EVERYWHERE)), 0));
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.values().forEach(ManagedChannel::shutdownNow);
    fleet.close();
    signIn.close();
    forgetData();
  }

  /** The logs stay, for those who look for a reason. */
  private void forgetData() {
    Leftovers.delete(directory.resolve("postgres"));
  }
}
