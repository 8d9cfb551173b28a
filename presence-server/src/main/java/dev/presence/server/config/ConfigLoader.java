package dev.presence.server.config;

import dev.presence.server.model.DrainRules;
import dev.presence.server.model.Timings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one {@link ServerConfig}; its checks stand here and nowhere else. */
final class ConfigLoader {

  private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9.-]{1,60}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,253}");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.-]{1,253}:\\d{1,5}");
  private static final Pattern SOCKET =
      Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:]+]):\\d{1,5}");
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.\\d{1,3}){3}|\\[?::1]?|localhost");
  private static final Pattern REACHED = Pattern.compile("(?!0+(\\.0+){0,3}$)[A-Za-z0-9.-]+");
  private static final Pattern JDBC_URL = Pattern.compile("jdbc:postgresql:\\S+");
  private static final Pattern ANYTHING = Pattern.compile(".+");
  private static final int MAX_LANES = 64;
  private static final int MAX_PORT = 65_535;
  private static final int MIN_BACKLOG = 1_000;
  private static final int MAX_BACKLOG = 100_000_000;
  private static final int MAX_PACE = 1_000_000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration REPLY_TIMEOUT = Duration.ofMillis(Timings.REPLY_TIMEOUT_MILLIS);

  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();
  private final Map<Setting, String> values;
  private final SettingsReader reader;

  ConfigLoader(@Nullable Path file, Map<String, String> environment) {
    values = SettingsSource.read(file, environment, problems);
    for (Setting setting : Setting.values()) {
      String text = defaultOf(setting, environment);
      if (text != null) {
        values.putIfAbsent(setting, text);
      }
    }
    reader = new SettingsReader(values, problems);
    String log = environment.getOrDefault("PRESENCE_LOG", "json");
    if (!log.equals("json") && !log.equals("text")) {
      problems.add("PRESENCE_LOG is '" + log + "', expected json or text");
    }
  }

  private @Nullable String defaultOf(Setting setting, Map<String, String> environment) {
    return switch (setting) {
      case NODE_NAME -> {
        String host = environment.getOrDefault("HOSTNAME", "");
        yield NODE_NAME.matcher(host).matches() ? host : "presence";
      }
      case LANES -> String.valueOf(Math.min(MAX_LANES, Runtime.getRuntime().availableProcessors()));
      default -> setting.defaultText();
    };
  }

  ServerConfig load() throws ConfigException {
    Timings timings = timings();
    ServerConfig config =
        new ServerConfig(
            node(),
            grpc(),
            internal(),
            redis(),
            postgres(),
            reader.integer(Setting.JOURNAL_BACKLOG, MIN_BACKLOG, MAX_BACKLOG),
            auth(),
            timings,
            drain(),
            reader.duration(Setting.ROSTER_TTL),
            warnings,
            effective());
    problems.throwIfAny();
    return config;
  }

  private NodeConfig node() {
    return new NodeConfig(
        reader.matching(Setting.NODE_NAME, NODE_NAME, "1 to 60 characters of [A-Za-z0-9.-]"),
        reader.integer(Setting.LANES, 1, MAX_LANES));
  }

  private GrpcConfig grpc() {
    return new GrpcConfig(
        reader.matching(Setting.GRPC_HOST, HOST, "an IP address or a host name"),
        reader.integer(Setting.GRPC_PORT, 0, MAX_PORT),
        address(Setting.GRPC_ADDRESS, SOCKET, "ip:port, or nothing", ""),
        reader.flag(Setting.GRPC_REFLECTION),
        reader.duration(Setting.SLOW_CONSUMER_PERIOD));
  }

  private InternalConfig internal() {
    String host = reader.matching(Setting.INTERNAL_HOST, HOST, "an IP address or a host name");
    int port = reader.integer(Setting.INTERNAL_PORT, 1, MAX_PORT);
    InternalConfig.@Nullable Tls tls = tls();
    boolean plaintext = reader.flag(Setting.INTERNAL_PLAINTEXT);
    if (tls == null && !plaintext && !LOOPBACK.matcher(host).matches()) {
      problems.add(
          Setting.INTERNAL_HOST,
          host,
          "a loopback address such as 127.0.0.1; or internal.certificate-file, internal.key-file"
              + " and internal.authority-file; or internal.plaintext = true");
    } else if (reader.optional(Setting.INTERNAL_ADDRESS) == null
        && !REACHED.matcher(host).matches()) {
      // What is bound names no single server: others would knock at their own doors.
      problems.missing(Setting.INTERNAL_ADDRESS, "host:port, since internal.host is " + host);
    }
    return new InternalConfig(
        host,
        port,
        address(Setting.INTERNAL_ADDRESS, ADDRESS, "host:port, or nothing", host + ":" + port),
        tls);
  }

  private InternalConfig.@Nullable Tls tls() {
    List<Setting> files =
        List.of(Setting.INTERNAL_CERTIFICATE, Setting.INTERNAL_KEY, Setting.INTERNAL_AUTHORITY);
    long set = files.stream().filter(file -> reader.optional(file) != null).count();
    if (set == 0) {
      return null;
    }
    if (set < files.size()) {
      files.stream()
          .filter(file -> reader.optional(file) == null)
          .forEach(file -> problems.missing(file, "a PEM file: all three or none"));
      return null;
    }
    return new InternalConfig.Tls(
        pem(Setting.INTERNAL_CERTIFICATE),
        pem(Setting.INTERNAL_KEY),
        pem(Setting.INTERNAL_AUTHORITY));
  }

  private Path pem(Setting setting) {
    return reader.file(setting, reader.required(setting, "a PEM file"));
  }

  private String address(Setting setting, Pattern form, String expected, String byDefault) {
    String address = reader.optional(setting);
    if (address == null) {
      return byDefault;
    }
    if (!form.matcher(address).matches()) {
      problems.add(setting, address, expected);
    }
    return address;
  }

  private RedisConfig redis() {
    String url = reader.optional(Setting.REDIS_URL);
    String file = reader.optional(Setting.REDIS_CONFIG);
    if (url == null && file == null) {
      problems.missing(Setting.REDIS_URL, "redis://host:port/database, or redis.config");
    } else if (url != null && file != null) {
      problems.add("redis.url and redis.config are both set, expected one of them");
    }
    if (url != null) {
      checkRedisUrl(url);
    }
    String password = reader.optional(Setting.REDIS_PASSWORD);
    return new RedisConfig(
        url,
        file == null ? null : reader.file(Setting.REDIS_CONFIG, file),
        reader.optional(Setting.REDIS_USERNAME),
        password == null ? null : new Secret(password));
  }

  private void checkRedisUrl(String url) {
    String expected = "redis://host:port/database or rediss://…";
    try {
      URI uri = new URI(url);
      boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
      if (uri.getRawUserInfo() != null) {
        problems.add(
            "redis.url holds credentials, expected them in redis.username and redis.password");
      } else if (!scheme || uri.getHost() == null) {
        problems.add(Setting.REDIS_URL, url, expected);
      }
    } catch (URISyntaxException e) {
      // Not shown: what is no URL may hold a password anywhere.
      problems.add("redis.url is no URL (" + e.getReason() + "), expected " + expected);
    }
  }

  private PostgresConfig postgres() {
    String expected = "jdbc:postgresql://host:port/database, or host1,host2 in place of the host";
    return new PostgresConfig(
        reader.matching(Setting.POSTGRES_URL, JDBC_URL, expected),
        reader.required(Setting.POSTGRES_USER, "a database user"),
        new Secret(values.getOrDefault(Setting.POSTGRES_PASSWORD, "")),
        reader.duration(Setting.POSTGRES_STATEMENT_TIMEOUT));
  }

  private AuthConfig auth() {
    String file = reader.required(Setting.AUTH_JWKS_FILE, "a JWKS file with public keys");
    return new AuthConfig(
        reader.file(Setting.AUTH_JWKS_FILE, file),
        reader.matching(Setting.AUTH_AUDIENCE, ANYTHING, "a name"));
  }

  private DrainRules drain() {
    DrainRules rules =
        new DrainRules(
            reader.duration(Setting.DRAIN_NOTICE),
            reader.integer(Setting.DRAIN_PACE, 1, MAX_PACE),
            reader.duration(Setting.DRAIN_TIMEOUT));
    if (rules.notice().compareTo(rules.streamsEndWithin()) >= 0) {
      problems.add(
          Setting.DRAIN_TIMEOUT,
          text(Setting.DRAIN_TIMEOUT),
          "more than twice drain.notice, which is " + text(Setting.DRAIN_NOTICE));
    }
    return rules;
  }

  private Timings timings() {
    Duration grace = reader.duration(Setting.GRACE_PERIOD);
    boolean handoverIsSet = reader.optional(Setting.HANDOVER_PERIOD) != null;
    Timings timings =
        new Timings(
            reader.duration(Setting.HEARTBEAT_INTERVAL),
            reader.duration(Setting.HEARTBEAT_TIMEOUT),
            reader.duration(Setting.HIDDEN_TIMEOUT),
            grace,
            reader.duration(Setting.LEASE_PERIOD),
            reader.duration(Setting.RENEW_INTERVAL),
            handoverIsSet ? reader.duration(Setting.HANDOVER_PERIOD) : grace,
            reader.duration(Setting.TOMBSTONE_PERIOD),
            reader.duration(Setting.HELLO_TIMEOUT),
            reader.duration(Setting.STREAM_LIFE));
    if (timings.heartbeatTimeout().compareTo(timings.heartbeatInterval()) <= 0) {
      problems.add(
          Setting.HEARTBEAT_TIMEOUT,
          text(Setting.HEARTBEAT_TIMEOUT),
          "more than heartbeat.interval, which is " + text(Setting.HEARTBEAT_INTERVAL));
    }
    if (timings.hiddenTimeout().compareTo(timings.heartbeatInterval()) <= 0) {
      problems.add(
          Setting.HIDDEN_TIMEOUT,
          text(Setting.HIDDEN_TIMEOUT),
          "more than heartbeat.interval, which is " + text(Setting.HEARTBEAT_INTERVAL));
    }
    if (timings.leasePeriod().compareTo(timings.renewInterval().multipliedBy(2)) <= 0) {
      problems.add(
          Setting.LEASE_PERIOD,
          text(Setting.LEASE_PERIOD),
          "more than twice renew.interval, which is " + text(Setting.RENEW_INTERVAL));
    }
    Duration noticed = timings.heartbeatInterval().plus(REPLY_TIMEOUT).plus(SECOND);
    Duration counted = timings.leasePeriod().plus(timings.gracePeriod()).minus(SECOND);
    if (noticed.compareTo(counted) >= 0) {
      warnings.add(
          "heartbeat.interval is %s, and a client needs up to %d ms to find that its server is gone;"
                  .formatted(text(Setting.HEARTBEAT_INTERVAL), noticed.toMillis())
              + " expected less than lease.period + grace.period - 1s = %d ms, else it may be shown"
                  .formatted(counted.toMillis())
              + " offline before it can come back");
    }
    return timings;
  }

  private String text(Setting setting) {
    String byDefault = setting == Setting.HANDOVER_PERIOD ? text(Setting.GRACE_PERIOD) : "";
    return values.getOrDefault(setting, byDefault);
  }

  private List<String> effective() {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      String text = text(setting);
      boolean hidden = setting.secret() && !text.isEmpty();
      lines.add(setting.key() + " = " + (hidden ? Secret.HIDDEN : text));
    }
    return lines;
  }
}
