package dev.presence.lab.chaos.stage;

import dev.presence.lab.chaos.calm.CalmPeople;
import dev.presence.lab.chaos.calm.Questions;
import dev.presence.lab.chaos.crowd.Circle;
import dev.presence.lab.chaos.crowd.Crowd;
import dev.presence.lab.chaos.crowd.Entrance;
import dev.presence.lab.chaos.crowd.FriendGraph;
import dev.presence.lab.clients.RunClock;
import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.clients.WebLibrary;
import dev.presence.lab.clients.WebVenue;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.edge.EdgePorts;
import dev.presence.lab.fleet.Fleet;
import dev.presence.lab.replay.History;
import dev.presence.lab.replay.oracle.HistoryRow;
import dev.presence.lab.store.Leftovers;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.tcp.Line;
import dev.presence.lab.tcp.Switchboard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All that a run needs, started in order; what is started is stopped in reverse. */
public final class Stage implements AutoCloseable {

  /** Some people are offline at any time: there are so many for each hundred who are there. */
  private static final int PEOPLE_PERCENT = 125;

  private final RunClock clock = new RunClock();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Plan plan;
  private final Circle circle;
  private final Switchboard board;
  private final Orphans orphans;
  private final RedisUnderChaos redis;
  private final Roads roads;
  private final Fleet fleet;
  private final WebCompany web;
  private final Entrance entrance;
  private final Crowd crowd;
  private final Line questioning;
  private final Questions questions;
  private @Nullable SecondEdge second;

  /** Starts a Redis of the topology that is wanted. */
  public interface RedisMaker {
    RedisUnderChaos start(Path directory, Orphans orphans, Switchboard board);
  }

  /**
   * What a run is to be.
   *
   * @param root of the project, whose jars have been built
   * @param build the folder of the server that is started
   * @param directory for data and logs
   * @param redis makes the Redis
   * @param servers how many
   * @param clients how many are there at a time
   * @param crowded there are so many clients that they and the servers fill the machine: servers
   *     reach Redis by no line of this process, which would keep them waiting, and their Java takes
   *     the first code of its compiler, which would else take most of the time that there is
   * @param seed decides what clients do
   */
  public record Plan(
      Path root,
      Path build,
      Path directory,
      RedisMaker redis,
      int servers,
      int clients,
      boolean crowded,
      long seed) {}

  private Stage(Plan plan) throws SQLException {
    this.plan = plan;
    circle = Circle.of(Math.min(FriendGraph.PEOPLE, plan.clients * PEOPLE_PERCENT / 100));
    orphans = keep(new Orphans());
    board = keep(new Switchboard());
    redis = keep(plan.redis.start(plan.directory.resolve("chaos-redis"), orphans, board));
    roads = new Roads(board, redis);
    Fleet.Builder servers =
        Fleet.builder(plan.root, plan.directory)
            .build(plan.build)
            .servers(plan.servers)
            .detour(plan.crowded ? (_, _, _) -> redis.straight() : roads)
            .edge(EdgePlan.bare(EdgePorts.free(), plan.directory.resolve("tls")));
    fleet = keep((plan.crowded ? servers.brief() : servers).start());
    try (Connection connection = fleet.postgres().connect()) {
      new History(connection, circle.ids()).load(circle.contacts());
    }
    String origin = "http://" + fleet.edge().address();
    WebLibrary library = WebLibrary.find(plan.root, System.getenv());
    web =
        keep(
            WebCompany.start(
                new WebVenue(library, plan.directory.resolve("web.log"), origin), clock));
    entrance =
        new Entrance(circle, board, List.of(edgeAddress()), clock, fleet.tokens()::user, web);
    crowd = keep(new Crowd(entrance, plan.seed));
    questioning = keep(board.line(List.of(edgeAddress())));
    questions =
        keep(new Questions("127.0.0.1:" + questioning.port(), clock, circle.ids(), serviceToken()));
  }

  private String serviceToken() {
    return fleet.tokens().service("chaos", "presence.read.any");
  }

  /**
   * Starts it all.
   *
   * @throws IllegalStateException if something does not start; the message is one clear line
   */
  public static Stage start(Plan plan) throws SQLException {
    return new Stage(plan);
  }

  private <T extends AutoCloseable> T keep(T thing) {
    started.push(thing);
    return thing;
  }

  private InetSocketAddress edgeAddress() {
    return loopback(fleet.edge().ports().plain());
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** What it was to be. */
  public Plan plan() {
    return plan;
  }

  /** The clock by which everything is written down. */
  public RunClock clock() {
    return clock;
  }

  /** Who may come. */
  public Circle circle() {
    return circle;
  }

  /** Who is there. */
  public Crowd crowd() {
    return crowd;
  }

  /** Servers, PostgreSQL and the first Envoy. */
  public Fleet fleet() {
    return fleet;
  }

  /** Redis. */
  public RedisUnderChaos redis() {
    return redis;
  }

  /** The lines from servers to stores. */
  public Roads roads() {
    return roads;
  }

  /** What is asked all the while. */
  public Questions questions() {
    return questions;
  }

  /** A second Envoy, to which clients are led as well from now on; started when first asked for. */
  public SecondEdge secondEdge() {
    SecondEdge there = second;
    if (there == null) {
      there = keep(SecondEdge.start(plan, fleet, orphans));
      second = there;
    }
    lead(List.of(edgeAddress(), there.address()));
    return there;
  }

  /**
   * From now on all come in by the first Envoy; those who are there stay.
   *
   * @return whether there was another one
   */
  public boolean onlyFirstEdge() {
    lead(List.of(edgeAddress()));
    return second != null;
  }

  private void lead(List<InetSocketAddress> edges) {
    entrance.edges(edges);
    crowd.lead(edges);
    questioning.lead(edges);
    int _ = questioning.reset(); // the next connection is led on
  }

  /**
   * People whom nobody knows, who are there and do nothing but beat, and a service that asks, in a
   * process of their own; the caller ends it.
   */
  public CalmPeople calm(int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "calm-" + i).toList();
    try (Connection connection = fleet.postgres().connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into users (id, name) select id, id from unnest(?) id"
                    + " on conflict do nothing")) {
      insert.setArray(1, connection.createArrayOf("text", ids.toArray()));
      int _ = insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the calm people cannot be put in", e);
    }
    return CalmPeople.start(
        fleet.edge().address(),
        serviceToken(),
        circle.ids(),
        ids.stream().map(fleet.tokens()::user).toList(),
        plan.directory.resolve("calm.log"));
  }

  /** Lets the clients have what processor time the servers leave; the caller ends it. */
  public Yielding yielding() {
    return new Yielding(List.of(ProcessHandle.current().pid(), web.pid()));
  }

  /** All rows that PostgreSQL has of the circle. */
  public List<HistoryRow> rows() throws SQLException {
    try (Connection connection = fleet.postgres().connect()) {
      return new History(connection, circle.ids()).rows(false);
    }
  }

  /**
   * Checks that nothing has died that was not to die.
   *
   * @throws IllegalStateException if something has
   */
  public void check() {
    entrance.check();
    crowd.check();
    String death = fleet.death();
    if (death != null) {
      throw new IllegalStateException(death);
    }
  }

  /** Stops it all. Logs stay, for those who look for a reason; PostgreSQL's data do not. */
  @Override
  public void close() {
    List<Exception> failures = new ArrayList<>();
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        failures.add(e); // the rest is to be stopped all the same
      }
    }
    Leftovers.delete(plan.directory.resolve("postgres/data"));
    if (!failures.isEmpty()) {
      throw new IllegalStateException("not all could be stopped", failures.getFirst());
    }
  }
}
