package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.presence.server.model.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a node's head: {@code "<epoch> <seq>"}, decimal. Text and not a message, because
 * scripts compare it. Readers skip what follows, so that a later release can say more.
 */
final class HeadValue {

  private static final Pattern PATTERN = Pattern.compile("(\\d+) (\\d+)(?: .*)?");

  private HeadValue() {}

  /**
   * Reads a head; null where there is none.
   *
   * @throws CorruptValueException if it is none of ours
   */
  static @Nullable Position decode(byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    String text = new String(value, US_ASCII);
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new CorruptValueException("a head reads '" + text + "', expected '<epoch> <seq>'");
    }
    try {
      return new Position(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    } catch (NumberFormatException e) {
      throw new CorruptValueException("a head reads '" + text + "', which is out of range", e);
    }
  }
}
