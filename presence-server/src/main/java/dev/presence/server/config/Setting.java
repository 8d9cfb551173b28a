package dev.presence.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of all settings: key, default, and what it is for. */
enum Setting {
  NODE_NAME("node.name", null, "readable name of this server; default: the host name"),
  LANES("lanes", null, "threads that share the users, 1 to 64; default: one per core"),

  GRPC_HOST("grpc.host", "0.0.0.0", "address that the public port binds"),
  GRPC_PORT("grpc.port", "9101", "public port; 0: any that is free"),
  GRPC_ADDRESS(
      "grpc.address",
      "",
      "ip:port by which the proxy in front knows it; browsers are told a route"),
  GRPC_REFLECTION("grpc.reflection", "false", "describe the service to tools"),
  SLOW_CONSUMER_PERIOD("slow-consumer.period", "2m", "a client may take nothing for this long"),

  INTERNAL_HOST("internal.host", "127.0.0.1", "address that the port for other servers binds"),
  INTERNAL_PORT("internal.port", "9201", "port for other servers; not to be reached from outside"),
  INTERNAL_ADDRESS(
      "internal.address", null, "host:port where others reach it; default: internal.host and port"),
  INTERNAL_CERTIFICATE("internal.certificate-file", null, "PEM, for mutual TLS between servers"),
  INTERNAL_KEY("internal.key-file", null, "PEM, its private key"),
  INTERNAL_AUTHORITY("internal.authority-file", null, "PEM, who signs all servers' certificates"),
  INTERNAL_PLAINTEXT(
      "internal.plaintext", "false", "let the port for other servers leave loopback without TLS"),

  REDIS_URL("redis.url", null, "redis://host:port/database; this or redis.config"),
  REDIS_CONFIG("redis.config", null, "Redisson YAML file, for Sentinel, Cluster or TLS"),
  REDIS_USERNAME("redis.username", null, "ACL user"),
  REDIS_PASSWORD("redis.password", null, "its password; or redis.password-file", true),

  POSTGRES_URL("postgres.url", null, "jdbc:postgresql://host:port/database; hosts by commas"),
  POSTGRES_USER("postgres.user", "presence", "database user"),
  POSTGRES_PASSWORD("postgres.password", "", "its password; or postgres.password-file", true),
  POSTGRES_STATEMENT_TIMEOUT(
      "postgres.statement-timeout", "10s", "a statement that takes longer is given up"),

  JOURNAL_BACKLOG(
      "journal.backlog",
      "1000000",
      "changes that wait in Redis for PostgreSQL; then the oldest go"),

  AUTH_JWKS_FILE("auth.jwks-file", null, "public keys of the token's maker"),
  AUTH_AUDIENCE("auth.audience", "presence", "what a token's aud must contain"),

  HEARTBEAT_INTERVAL("heartbeat.interval", "8s", "clients give a sign of life this often"),
  HEARTBEAT_TIMEOUT("heartbeat.timeout", "20s", "silence after which a path is dead"),
  HIDDEN_TIMEOUT("heartbeat.hidden-timeout", "75s", "the same for a page that cannot be seen"),
  GRACE_PERIOD("grace.period", "10s", "a session without a stream counts for this long"),
  LEASE_PERIOD("lease.period", "5s", "a renewal lets a server's sessions count for this long"),
  RENEW_INTERVAL("renew.interval", "1s", "a server renews its lease this often"),
  HANDOVER_PERIOD(
      "handover.period", null, "a lost server's sessions count on; default: grace.period"),
  TOMBSTONE_PERIOD("tombstone.period", "30s", "an ended session is remembered for this long"),
  HELLO_TIMEOUT("hello.timeout", "2500ms", "an Open waits for the store for this long"),

  STREAM_LIFE("stream.life", "60m", "a client is asked for a new stream after this, ± 20 %"),
  DRAIN_NOTICE("drain.notice", "2s", "a server that ends says so before it asks clients to move"),
  DRAIN_PACE("drain.pace", "500", "clients that it asks in a second, if time allows"),
  DRAIN_TIMEOUT("drain.timeout", "30s", "time for all of that, to the end of the process"),

  ROSTER_TTL("roster.ttl", "30s", "a roster is used for this long before it is loaded again");

  private static final String ENVIRONMENT_PREFIX = "PRESENCE_";

  private final String key;
  private final @Nullable String defaultText;
  private final String description;
  private final boolean secret;

  Setting(String key, @Nullable String defaultText, String description) {
    this(key, defaultText, description, false);
  }

  Setting(String key, @Nullable String defaultText, String description, boolean secret) {
    this.key = key;
    this.defaultText = defaultText;
    this.description = description;
    this.secret = secret;
  }

  /** The name in a properties file. */
  String key() {
    return key;
  }

  /** The name in a properties file of the file that holds a secret. */
  String fileKey() {
    return key + "-file";
  }

  /** The name of this, or of another key, in the environment. */
  static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The default as one would write it; null where there is none, or it depends. */
  @Nullable String defaultText() {
    return defaultText;
  }

  /** What it is for. */
  String description() {
    return description;
  }

  /** Whether it must not be shown. */
  boolean secret() {
    return secret;
  }
}
