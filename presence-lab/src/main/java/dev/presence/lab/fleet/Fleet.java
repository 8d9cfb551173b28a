package dev.presence.lab.fleet;

import dev.presence.client.PresenceChannels;
import dev.presence.lab.edge.Edge;
import dev.presence.lab.edge.EdgePlan;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import dev.presence.lab.store.FreePorts;
import dev.presence.lab.store.LocalPostgres;
import dev.presence.lab.store.LocalRedis;
import dev.presence.lab.store.Orphans;
import dev.presence.lab.store.RedisKind;
import dev.presence.lab.store.RedisTopology;
import dev.presence.migrations.Migrations;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Redis, PostgreSQL, some servers and, if wanted, Envoy in front, on this machine. What is started
 * is stopped again, in reverse order, by {@link #close}; and killed if this process dies before.
 */
public final class Fleet implements AutoCloseable {

  /**
   * From a server's public port to the one for other servers, where the ports are not free ones.
   */
  public static final int INTERNAL_OFFSET = 100;

  private final Path root;
  private final Path build;
  private final Path directory;
  private final Map<String, String> settings;
  private final Detour detour;
  private final Map<String, String> always;
  private final Orphans orphans = new Orphans();
  private final List<ServerProcess> servers = new ArrayList<>();
  private final RedisTopology redis;
  private final LocalPostgres postgres;
  private final DevelopmentKeys keys;
  private final Tokens tokens;
  private final @Nullable Edge edge;

  private Fleet(Builder builder) {
    root = builder.root;
    directory = builder.directory;
    build = builder.build;
    settings = Map.copyOf(builder.settings);
    detour = builder.detour;
    always = builder.always;
    keys = DevelopmentKeys.in(builder.keys);
    tokens = new Tokens(keys);
    RedisTopology startedRedis = null;
    LocalPostgres startedPostgres = null;
    try {
      builder.progress.accept("starting Redis and PostgreSQL");
      startedRedis = builder.redis.start(directory.resolve("redis"), orphans, builder.redisOptions);
      startedPostgres =
          LocalPostgres.start(FreePorts.any(), directory.resolve("postgres"), orphans);
      builder.progress.accept("applying the migrations");
      Migrations.apply(startedPostgres.url(), LocalPostgres.USER, LocalPostgres.PASSWORD);
      redis = startedRedis;
      postgres = startedPostgres;
      builder.progress.accept("starting " + builder.servers + " servers");
      for (int number = 0; number < builder.servers; number++) {
        int port = builder.firstPort == 0 ? FreePorts.any() : builder.firstPort + number;
        int internalPort = builder.firstPort == 0 ? FreePorts.any() : port + INTERNAL_OFFSET;
        servers.add(launch(number, port, internalPort, builder.environment));
      }
      for (ServerProcess server : servers) {
        server.awaitServing();
        builder.progress.accept(server.name() + " serves on " + server.address());
      }
      edge = edge(builder.edge, builder.progress);
    } catch (RuntimeException e) {
      servers.forEach(ServerProcess::killHard);
      if (startedPostgres != null) {
        startedPostgres.close();
      }
      if (startedRedis != null) {
        startedRedis.close();
      }
      orphans.close();
      throw e;
    }
  }

  /** Where a fleet comes from, and what it is made of. */
  public static final class Builder {
    private final Path root;
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Path build;
    private Detour detour = Detour.NONE;
    private Path keys;
    private Consumer<String> progress = step -> {};
    private RedisKind redis = RedisKind.SINGLE;
    private List<String> redisOptions = List.of();
    private int servers = 2;
    private int firstPort;
    private Map<String, String> environment = Map.of();
    private Map<String, String> always = Map.of();
    private @Nullable EdgePlan edge;

    private Builder(Path root, Path directory) {
      this.root = root;
      this.directory = directory;
      build = root.resolve("presence-server");
      keys = directory.resolve("keys");
    }

    /** How many servers; 2 unless said otherwise. */
    public Builder servers(int count) {
      servers = count;
      return this;
    }

    /**
     * How Redis is made up; one process unless said otherwise.
     *
     * @param options for each redis-server, as on its command line
     */
    public Builder redis(RedisKind kind, List<String> options) {
      redis = kind;
      redisOptions = List.copyOf(options);
      return this;
    }

    /** The first server's port, the others follow; free ones unless said otherwise. */
    public Builder firstPort(int port) {
      firstPort = port;
      return this;
    }

    /** Where the development keys are; in the fleet's own directory unless said otherwise. */
    public Builder keys(Path where) {
      keys = where;
      return this;
    }

    /** The folder of the server that is started; the project's own unless said otherwise. */
    public Builder build(Path folder) {
      build = folder;
      return this;
    }

    /** How the servers reach the stores; straight unless said otherwise. */
    public Builder detour(Detour way) {
      detour = way;
      return this;
    }

    /** Envoy in front of the servers; none unless said otherwise. */
    public Builder edge(EdgePlan plan) {
      edge = plan;
      return this;
    }

    /**
     * For a few minutes only, and not for figures: their Java takes the first code that its
     * compiler makes, since the best would cost more processor time than such servers will ever
     * save.
     */
    public Builder brief() {
      always = Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
      return this;
    }

    /** Variables for the servers that are started at first. */
    Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /**
     * Who is told of each step, in a few words. What it throws ends the start, and what has been
     * started is stopped.
     */
    public Builder progress(Consumer<String> listener) {
      progress = listener;
      return this;
    }

    /** A setting of the servers, see the server's {@code --help}. */
    public Builder setting(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /**
     * Starts it all, and waits until all servers serve.
     *
     * @throws IllegalStateException if something does not start; the message is one clear line
     */
    public Fleet start() {
      return new Fleet(this);
    }
  }

  /**
   * A fleet to be.
   *
   * @param root of the project, whose jars have been built
   * @param directory for data, configuration and logs
   */
  public static Builder builder(Path root, Path directory) {
    return new Builder(root, directory);
  }

  private @Nullable Edge edge(@Nullable EdgePlan plan, Consumer<String> progress) {
    if (plan == null) {
      return null;
    }
    progress.accept("starting Envoy");
    return Edge.start(root, directory.resolve("edge"), plan, keys.jwks(), addresses(), orphans);
  }

  private List<String> addresses() {
    return servers.stream().map(ServerProcess::address).toList();
  }

  private ServerProcess launch(
      int number, int port, int internalPort, Map<String, String> environment) {
    String name = "server" + (number + 1);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("node.name", name);
    all.put("grpc.host", "127.0.0.1");
    all.put("grpc.port", Integer.toString(port));
    all.put("grpc.address", "127.0.0.1:" + port);
    all.put("internal.port", Integer.toString(internalPort));
    all.putAll(redis.settings());
    all.put("postgres.url", postgres.url());
    all.put("postgres.user", LocalPostgres.USER);
    all.put("postgres.password", LocalPostgres.PASSWORD);
    all.put("auth.jwks-file", keys.jwks().toAbsolutePath().toString());
    all.putAll(settings);
    all.putAll(detour.settings(number, redis, postgres));
    Map<String, String> variables = new HashMap<>(always);
    variables.putAll(environment);
    return ServerProcess.start(build, name, port, internalPort, all, variables, directory, orphans);
  }

  /** One of the servers, from 0. */
  public ServerProcess server(int number) {
    return servers.get(number);
  }

  /** All servers. */
  public List<ServerProcess> servers() {
    return List.copyOf(servers);
  }

  /** Starts a server again that was killed, on the same port; waits until it serves. */
  public ServerProcess restart(int number) {
    ServerProcess after = startAgain(number, Map.of());
    after.awaitServing();
    return after;
  }

  /**
   * Starts a server again that has ended, on the same port; returns before it serves.
   *
   * @param environment variables besides those of this process
   */
  public ServerProcess startAgain(int number, Map<String, String> environment) {
    ServerProcess before = servers.get(number);
    ServerProcess after = launch(number, before.port(), before.internalPort(), environment);
    servers.set(number, after);
    return after;
  }

  /** Which child has died, in one line; null while all are well. */
  public @Nullable String death() {
    for (ServerProcess server : servers) {
      if (!server.isAlive()) {
        return server.name() + " has died; log: " + server.log();
      }
    }
    if (edge != null && !edge.process().isAlive()) {
      return "Envoy has died; log: " + edge.process().log();
    }
    if (!redis.death().isEmpty()) {
      return redis.death();
    }
    return postgres.isAlive() ? null : "PostgreSQL has died; log: " + postgres.log();
  }

  /** The Redis behind the servers, where it is one process. */
  public LocalRedis redis() {
    if (redis instanceof LocalRedis single) {
      return single;
    }
    throw new IllegalStateException("the Redis of this fleet is not a single one");
  }

  /** The Redis behind the servers, however it is made up. */
  public RedisTopology topology() {
    return redis;
  }

  /** The PostgreSQL behind the servers. */
  public LocalPostgres postgres() {
    return postgres;
  }

  /** Signs tokens that the servers accept. */
  public Tokens tokens() {
    return tokens;
  }

  /** A channel over all servers; the caller shuts it down. */
  public ManagedChannel channel() {
    return PresenceChannels.forServers(addresses(), true);
  }

  /** A channel to one server; the caller shuts it down. */
  public ManagedChannel channel(int number) {
    return PresenceChannels.forServers(List.of(servers.get(number).address()), true);
  }

  /** Envoy in front of the servers. */
  public Edge edge() {
    if (edge == null) {
      throw new IllegalStateException("this fleet was to have no edge");
    }
    return edge;
  }

  /** A channel through the edge; the caller shuts it down. */
  public ManagedChannel edgeChannel() {
    return PresenceChannels.forServers(List.of(edge().address()), true);
  }

  /**
   * Stops everything: the servers first, whose last words go through the edge, then the edge, and
   * what the servers stand on.
   */
  @Override
  public void close() {
    servers.forEach(ServerProcess::stop);
    servers.forEach(ServerProcess::close);
    if (edge != null) {
      edge.close();
    }
    postgres.close();
    redis.close();
    orphans.close();
  }
}
