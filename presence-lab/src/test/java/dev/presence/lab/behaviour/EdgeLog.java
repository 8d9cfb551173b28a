package dev.presence.lab.behaviour;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Envoy writes down of the calls that it has passed on. It is up to a second late. */
final class EdgeLog {

  private final Path file;

  EdgeLog(Path file) {
    this.file = file;
  }

  /** One line. */
  private record Entry(Map<String, Object> fields) {

    String text(String field) {
      return String.valueOf(fields.get(field));
    }

    boolean is(String user, String method) {
      return text("user").equals(user) && text("path").endsWith("/" + method);
    }
  }

  private List<Entry> entries(String user, String method) {
    try {
      List<Entry> entries = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        // The last line may be half written.
        if (line.endsWith("}")) {
          Entry entry = new Entry(JSONObjectUtils.parse(line));
          if (entry.is(user, method)) {
            entries.add(entry);
          }
        }
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private List<Entry> ended(String user, String method) {
    return entries(user, method).stream()
        .filter(entry -> entry.text("event").equals("DownstreamEnd"))
        .toList();
  }

  /** A gRPC-Web answer has its status in the body, where Envoy does not look; an error has not. */
  private static boolean isOk(Entry entry) {
    return entry.text("status").equals("200")
        && (entry.text("grpc").equals("OK") || entry.text("grpc").equals("Unknown"));
  }

  /** How many calls of this user a server has answered with OK. */
  long answeredBy(String server, String user, String method) {
    return ended(user, method).stream()
        .filter(entry -> entry.text("server").equals(server) && isOk(entry))
        .count();
  }

  /** When calls of this user began that were answered with OK. */
  List<Instant> answered(String user, String method) {
    return ended(user, method).stream()
        .filter(EdgeLog::isOk)
        .map(entry -> Instant.parse(entry.text("time")))
        .sorted()
        .toList();
  }

  /** How many streams of this user were live at once, of those that have ended. */
  int mostStreamsAtOnce(String user) {
    TreeMap<Instant, Integer> changes = new TreeMap<>();
    for (Entry stream : ended(user, "Subscribe")) {
      Instant begun = Instant.parse(stream.text("time"));
      changes.merge(begun, 1, Integer::sum);
      changes.merge(begun.plusMillis(Long.parseLong(stream.text("ms"))), -1, Integer::sum);
    }
    int live = 0;
    int most = 0;
    for (int change : changes.values()) {
      live += change;
      most = Math.max(most, live);
    }
    return most;
  }
}
