package dev.presence.lab.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user by whom servers log in to Redis, with the rights that {@code docs/operations.md} tells.
 */
public final class RedisUser {

  /** Its name. */
  public static final String NAME = "presence";

  /** Its password. */
  public static final String PASSWORD = "secret";

  private static final Pattern LINE = Pattern.compile("(?m)^user presence on >PASSWORD (.*)$");

  /**
   * The key by which Redisson finds out, at each start, whether a Cluster hides behind a proxy. To
   * be refused tells it as much as an answer.
   */
  private static final String PROBE = "test1";

  private RedisUser() {}

  /** What was refused at this Redis, of all that was asked; but for Redisson's probe. */
  public static List<?> refused(RedisNode node) {
    return node.list("ACL", "LOG").stream()
        .filter(entry -> !((List<?>) entry).contains(PROBE))
        .toList();
  }

  /** What redis-server is started with, to know it. */
  public static List<String> options() {
    Path page = Path.of(System.getProperty("presence.root"), "docs", "operations.md");
    try {
      Matcher line = LINE.matcher(Files.readString(page));
      assertThat(line.find()).as("the page tells the user's rights").isTrue();
      List<String> options = new ArrayList<>(List.of("--user", NAME, "on", ">" + PASSWORD));
      options.addAll(List.of(line.group(1).split(" ")));
      return options;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
