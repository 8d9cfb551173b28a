package dev.presence.lab.replay.plan;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A chat network's messages: who wrote to whom, and when. One message a line, {@code SRC DST
 * UNIXTIME}; empty lines and lines that begin with # are skipped; the file may be compressed with
 * gzip. Lines need no order.
 *
 * @param users ids of all who sent or received a message, in the order in which the file names them
 * @param messages all messages, by time
 */
public record ChatLog(List<String> users, List<Message> messages) {

  private static final String BUNDLED = "/dev/presence/lab/replay/college-msg.txt.gz";
  private static final Pattern USER_ID = Pattern.compile("[A-Za-z0-9._~:@+-]{1,64}");
  private static final int GZIP_MAGIC_1 = 0x1f;
  private static final int GZIP_MAGIC_2 = 0x8b;

  /**
   * One message.
   *
   * @param from index of the sender in {@link #users}
   * @param to index of the receiver
   * @param unixSeconds when it was sent
   */
  public record Message(int from, int to, long unixSeconds) {}

  /** The log that comes with the lab; where it is from stands beside it in SOURCE.txt. */
  public static ChatLog bundled() {
    try (InputStream in = ChatLog.class.getResourceAsStream(BUNDLED)) {
      if (in == null) {
        throw new IllegalStateException(BUNDLED + " is missing from this build");
      }
      return parse(BUNDLED, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws ChatLogException if it cannot be read or is no chat log; the message names the file,
   *     the line, and what was expected
   */
  public static ChatLog read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(file.toString(), in);
    } catch (NoSuchFileException e) {
      throw new ChatLogException(file + ": no such file", e);
    } catch (IOException e) {
      throw new ChatLogException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Parses what {@code in} holds; {@code name} is for error messages. */
  static ChatLog parse(String name, InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_MAGIC_1 && buffered.read() == GZIP_MAGIC_2;
    buffered.reset();
    InputStream plain = gzip ? new GZIPInputStream(buffered) : buffered;
    // A decoder that reports what is no text, where the default would replace it silently.
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()));
    return new Parser(name).parse(lines);
  }

  private static final class Parser {
    private final String name;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<String> users = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private int line;

    Parser(String name) {
      this.name = name;
    }

    ChatLog parse(BufferedReader lines) throws IOException {
      try {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
          line++;
          String stripped = text.strip();
          if (!stripped.isEmpty() && !stripped.startsWith("#")) {
            messages.add(message(stripped));
          }
        }
      } catch (MalformedInputException e) {
        throw new ChatLogException(name + ": after line " + line + ": this is no text", e);
      }
      if (messages.isEmpty()) {
        throw new ChatLogException(name + ": there is no message in it", null);
      }
      messages.sort(Comparator.comparingLong(Message::unixSeconds));
      return new ChatLog(List.copyOf(users), List.copyOf(messages));
    }

    private Message message(String text) {
      String[] fields = text.split("\\s+", -1);
      if (fields.length != 3) {
        throw bad("expected SRC DST UNIXTIME, found '" + abbreviated(text) + "'", null);
      }
      return new Message(user(fields[0]), user(fields[1]), seconds(fields[2]));
    }

    private int user(String id) {
      if (!USER_ID.matcher(id).matches()) {
        throw bad(
            "a user id is 1 to 64 of A-Z a-z 0-9 . _ ~ : @ + -, and not '" + abbreviated(id) + "'",
            null);
      }
      return indexes.computeIfAbsent(
          id,
          added -> {
            users.add(added);
            return users.size() - 1;
          });
    }

    private long seconds(String text) {
      try {
        long seconds = Long.parseLong(text);
        if (seconds >= 0 && seconds <= Integer.MAX_VALUE * 2L) {
          return seconds;
        }
      } catch (NumberFormatException e) {
        throw bad("expected Unix seconds, found '" + abbreviated(text) + "'", e);
      }
      throw bad("expected Unix seconds between 0 and 4294967294, found '" + text + "'", null);
    }

    private static String abbreviated(String text) {
      return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private ChatLogException bad(String what, @Nullable Throwable cause) {
      return new ChatLogException(name + ":" + line + ": " + what, cause);
    }
  }
}
