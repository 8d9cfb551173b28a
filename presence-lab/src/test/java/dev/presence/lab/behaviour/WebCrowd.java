package dev.presence.lab.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Users of the browser's library, many in one Node process. */
final class WebCrowd implements AutoCloseable {

  private final Process process;
  private final Map<String, String> states = new ConcurrentHashMap<>();
  private final List<Map<String, Object>> heard = new CopyOnWriteArrayList<>();

  WebCrowd(World world, List<String> users) {
    Path root = Path.of(System.getProperty("presence.root"));
    try {
      process =
          new ProcessBuilder(
                  "node",
                  root.resolve("presence-web/browser/crowd.mjs").toString(),
                  "http://" + world.fleet().edge().address())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Thread.ofVirtual().start(() -> read(process.inputReader(UTF_8)));
      BufferedWriter lines = process.outputWriter(UTF_8);
      for (String user : users) {
        lines.write(
            JSONObjectUtils.toJSONString(
                Map.of("user", user, "token", world.fleet().tokens().user(user))));
        lines.newLine();
      }
      lines.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("node is not on the PATH", e);
    }
  }

  private void read(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<String, Object> event = JSONObjectUtils.parse(line);
        heard.add(event);
        if (event.get("state") instanceof String state) {
          states.put(String.valueOf(event.get("user")), state);
        }
      }
    } catch (IOException | ParseException e) {
      // The process has ended: whoever waits for more of it says so.
    }
  }

  void awaitLive(int count, Duration timeout) {
    Awaitility.await(count + " web sessions to be live")
        .atMost(timeout)
        .until(() -> states.values().stream().filter("live"::equals).count() == count);
  }

  /** What an application was told of somebody, in order: {@code "online"}. */
  List<String> toldOf(String friend) {
    return heard.stream()
        .filter(event -> friend.equals(event.get("friend")))
        .map(event -> String.valueOf(event.get("is")))
        .toList();
  }

  /** How the connections fared, as applications are told, one after the other. */
  List<String> toldStates() {
    return heard.stream()
        .filter(event -> event.containsKey("state"))
        .map(event -> String.valueOf(event.get("state")))
        .toList();
  }

  /** What reached applications as an error, or as an end. */
  List<Map<String, Object>> failures() {
    return heard.stream()
        .filter(event -> event.containsKey("error") || "offline".equals(event.get("state")))
        .toList();
  }

  /** How often sessions were carried on. */
  long resumed() {
    return heard.stream().filter(event -> Boolean.TRUE.equals(event.get("resumed"))).count();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
