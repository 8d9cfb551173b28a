package dev.presence.server.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is: exactly one of {@code url} and {@code file}.
 *
 * @param url of a single server, {@code redis://host:port/database} or, with TLS, {@code
 *     rediss://…}; port 6379 and database 0 may be left out; no credentials
 * @param file a Redisson configuration in YAML, for Sentinel, Cluster, or TLS with stores of one's
 *     own. Pool sizes, timeouts, retries, read mode and codec are set over it: correctness hangs on
 *     them
 * @param username null: the default user. What one of your own needs is told by {@code
 *     docs/operations.md}
 * @param password null: none, or the file's
 */
public record RedisSettings(
    @Nullable String url,
    @Nullable Path file,
    @Nullable String username,
    @Nullable String password) {

  private static final String EXPECTED = "expected redis://host:port/database or rediss://…";

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException with a message for the operator
   */
  public RedisSettings {
    if ((url == null) == (file == null)) {
      throw new IllegalArgumentException("Redis needs a URL or a Redisson file, and not both");
    }
    if (url != null) {
      parse(url);
    }
  }

  /** A single server without credentials. */
  public static RedisSettings ofUrl(String url) {
    return new RedisSettings(url, null, null, null);
  }

  static URI parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // Without the cause, which repeats the URL and with it what may be a password.
      throw new IllegalArgumentException(
          "the Redis URL cannot be read (" + e.getReason() + "), " + EXPECTED);
    }
    if (uri.getRawUserInfo() != null) {
      // Not shown: a URL finds its way into logs.
      throw new IllegalArgumentException(
          "the Redis URL holds credentials, which belong into their own settings");
    }
    boolean scheme = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!scheme || uri.getHost() == null || !path.matches("/?|/\\d{1,5}")) {
      throw new IllegalArgumentException("the Redis URL is '" + url + "', " + EXPECTED);
    }
    return uri;
  }

  /** All but the password. */
  @Override
  public String toString() {
    return "RedisSettings[" + name() + (username == null ? "" : ", user " + username) + "]";
  }

  /** What to call this Redis in messages to people. */
  String name() {
    return url != null ? url : String.valueOf(file);
  }
}
