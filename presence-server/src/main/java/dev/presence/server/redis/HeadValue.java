package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a node's head: {@code "<epoch> <seq>"}, or {@code "<epoch> building <chunks>"} while
 * the node writes all of its part again. Text and not a message, because scripts compare it.
 * Readers skip what follows, so that a later release can say more.
 */
final class HeadValue {

  private static final Pattern PATTERN = Pattern.compile("(\\d+) (?:(\\d+)|building \\d+)(?: .*)?");

  private HeadValue() {}

  /**
   * The text of a head. Of one that is building without its chunks, which only the scripts count.
   */
  static String encode(Head head) {
    Position position = head.position();
    return position.epoch() + (head.building() ? " building" : " " + position.seq());
  }

  /**
   * Reads a head; null where there is none.
   *
   * @throws CorruptValueException if it is none of ours
   */
  static @Nullable Head decode(byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    String text = new String(value, US_ASCII);
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new CorruptValueException(
          "a head reads '" + text + "', expected '<epoch> <seq>' or '<epoch> building <chunks>'");
    }
    try {
      long epoch = Long.parseLong(matcher.group(1));
      String seq = matcher.group(2);
      return seq == null ? Head.building(epoch) : Head.at(new Position(epoch, Long.parseLong(seq)));
    } catch (NumberFormatException e) {
      throw new CorruptValueException("a head reads '" + text + "', which is out of range", e);
    }
  }
}
