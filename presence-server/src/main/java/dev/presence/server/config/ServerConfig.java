package dev.presence.server.config;

import dev.presence.server.model.DrainRules;
import dev.presence.server.model.Timings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a server is told at its start. Immutable.
 *
 * @param node who it is
 * @param grpc its public port
 * @param internal the port for other servers
 * @param redis where Redis is
 * @param postgres where PostgreSQL is
 * @param journalBacklog changes that may wait in Redis for PostgreSQL before the oldest are lost
 * @param auth whose tokens are accepted
 * @param timings the periods by which sessions and nodes live
 * @param drain how it is emptied when it is to end
 * @param rosterTtl for how long a roster is used before it is loaded again
 * @param warnings what is allowed but hardly meant, one line each
 * @param effective all settings as one would write them in a file, secrets hidden
 */
public record ServerConfig(
    NodeConfig node,
    GrpcConfig grpc,
    InternalConfig internal,
    RedisConfig redis,
    PostgresConfig postgres,
    int journalBacklog,
    AuthConfig auth,
    Timings timings,
    DrainRules drain,
    Duration rosterTtl,
    List<String> warnings,
    List<String> effective) {

  /** Copies the lists. */
  public ServerConfig {
    warnings = List.copyOf(warnings);
    effective = List.copyOf(effective);
  }

  /**
   * Reads and checks the configuration.
   *
   * @param file a properties file, null for none
   * @param environment its {@code PRESENCE_…} variables win over the file
   * @throws ConfigException naming all problems, if there are any
   */
  public static ServerConfig load(@Nullable Path file, Map<String, String> environment)
      throws ConfigException {
    return new ConfigLoader(file, environment).load();
  }

  /** A page for people: all settings with their defaults. */
  public static String help() {
    StringBuilder page = new StringBuilder();
    for (Setting setting : Setting.values()) {
      String byDefault = setting.defaultText();
      page.append(
          "  %-26s %s%s%n"
              .formatted(
                  setting.key(),
                  setting.description(),
                  byDefault == null || byDefault.isEmpty() ? "" : " (" + byDefault + ")"));
    }
    return page.toString();
  }
}
