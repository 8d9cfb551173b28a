package dev.presence.lab.behaviour;

import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
  private final Fleet fleet;
  private final Map<Integer, ManagedChannel> channels = new ConcurrentHashMap<>();

  World() {
    this(false);
  }

  /** With Envoy in front, or without. */
  World(boolean edge) {
    Path root = Path.of(System.getProperty("presence.root"));
    try {
      Path all = Files.createDirectories(root.resolve("presence-lab/target/behaviour"));
      directory = Files.createTempDirectory(all, "world");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Fleet.Builder builder = Fleet.builder(root, directory);
    if (edge) {
      builder.edge(EdgePlan.bare(EdgePorts.free(), directory.resolve("tls")));
    }
    fleet = builder.start();
  }

  /**
   * Gives every test class that asks the same world: for tests that mostly wait, and do no harm.
   */
  static final class Shared extends Giver {
    Shared() {
      super(Namespace.create(Shared.class), false);
    }
  }

  /**
   * Gives every test class that asks the same world, to one after the other: for tests that take
   * parts of it away, and put them back.
   */
  static final class Rough extends Giver {

    /** What such a class locks. */
    static final String LOCK = "the rough world";

    Rough() {
      super(Namespace.create(Rough.class), false);
    }
  }

  /** Gives a world with Envoy in front of its servers. */
  static final class Edged extends Giver {
    Edged() {
      super(Namespace.create(Edged.class), true);
    }
  }

  /** Gives one world, made when it is first asked for and closed after the last test. */
  abstract static class Giver implements ParameterResolver {
    private final Namespace namespace;
    private final boolean edge;

    Giver(Namespace namespace, boolean edge) {
      this.namespace = namespace;
      this.edge = edge;
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
          .computeIfAbsent(World.class, key -> new World(edge), World.class);
    }
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
    channel(server).resetConnectBackoff();
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
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "select coalesce(close_reason, 'OPEN') from sessions where user_id = ? order by"
                    + " opened_at")) {
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
    forgetData();
  }

  /** The logs stay, for those who look for a reason. */
  private void forgetData() {
    try (Stream<Path> data = Files.walk(directory.resolve("postgres"))) {
      for (Path path : data.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
