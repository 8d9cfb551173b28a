package dev.presence.lab.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Knows enough of Redis's protocol, RESP 2 and 3, to take messages of topics out of what a server
 * says: everything else, the answers to PING and to subscriptions too, gets through whole.
 */
public final class TopicSieve implements Sieve {

  /** A value that is not all there yet. */
  private static final int INCOMPLETE = -1;

  private static final List<byte[]> MESSAGES =
      List.of(
          "$7\r\nmessage\r\n".getBytes(US_ASCII),
          "$8\r\nsmessage\r\n".getBytes(US_ASCII),
          "$8\r\npmessage\r\n".getBytes(US_ASCII));

  private final Hush hush;
  private byte[] held = new byte[4 * 1024];
  private int size;

  /** A sieve for one connection. */
  public TopicSieve(Hush hush) {
    this.hush = hush;
  }

  @Override
  public ByteBuffer pass(ByteBuffer bytes) {
    take(bytes);
    ByteBuffer passing = ByteBuffer.allocate(size);
    int from = 0;
    for (int to = end(from); to != INCOMPLETE; to = end(from)) {
      if (!isMessage(from) || !hush.swallow()) {
        passing.put(held, from, to - from);
      }
      from = to;
    }
    System.arraycopy(held, from, held, 0, size - from);
    size -= from;
    return passing.flip();
  }

  private void take(ByteBuffer bytes) {
    int more = bytes.remaining();
    if (size + more > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, size + more));
    }
    bytes.get(held, size, more);
    size += more;
  }

  /** Whether the value here is pushed to a subscriber: a list that begins with such a word. */
  private boolean isMessage(int from) {
    if (held[from] != '*' && held[from] != '>') {
      return false;
    }
    int first = afterLine(from);
    for (byte[] word : MESSAGES) {
      if (first + word.length <= size
          && Arrays.equals(held, first, first + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  /** Where the value that begins here ends. */
  private int end(int from) {
    int next = from < size ? afterLine(from) : INCOMPLETE;
    if (next == INCOMPLETE) {
      return INCOMPLETE;
    }
    return switch (held[from]) {
      case '$', '=', '!' -> {
        int length = number(from + 1);
        int after = length < 0 ? next : next + length + 2;
        yield after <= size ? after : INCOMPLETE;
      }
      case '*', '>', '~' -> afterValues(next, number(from + 1));
      case '%' -> afterValues(next, 2 * number(from + 1));
      case '|' -> afterValues(next, 2 * number(from + 1) + 1); // and the value that it is about
      default -> next;
    };
  }

  private int afterValues(int from, int count) {
    int next = from;
    for (int i = 0; i < count && next != INCOMPLETE; i++) {
      next = end(next);
    }
    return next;
  }

  private int afterLine(int from) {
    for (int i = from; i + 1 < size; i++) {
      if (held[i] == '\r' && held[i + 1] == '\n') {
        return i + 2;
      }
    }
    return INCOMPLETE;
  }

  private int number(int from) {
    int sign = held[from] == '-' ? -1 : 1;
    int number = 0;
    for (int i = sign < 0 ? from + 1 : from; held[i] != '\r'; i++) {
      number = 10 * number + held[i] - '0';
    }
    return sign * number;
  }
}
