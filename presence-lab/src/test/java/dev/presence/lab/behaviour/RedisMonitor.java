package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Timings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * What Redis is asked: each command as it says itself (MONITOR), and how many as it counts (INFO
 * commandstats). PING, and those by which we ask, are left out. Told apart from all else is what
 * the lease costs: the renewal script with the commands that it runs, and the reading of a node's
 * own head that goes with it.
 */
final class RedisMonitor implements AutoCloseable {

  private static final Pattern COMMAND =
      Pattern.compile("\\+\\S+ \\[\\d+ (\\S+)] \"([^\"]*)\"(?: \"([^\"]*)\")?.*");
  private static final Pattern COUNT = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),.*");
  private static final Set<String> NOT_COUNTED = Set.of("ping", "info", "monitor", "quit");

  /** A renewal of each of the two servers may have begun before a window, or end after it. */
  static final long EDGES = 4;

  private static final Duration QUIET = Duration.ofSeconds(3);

  private final int port;
  private final Socket socket;
  private final Map<String, Long> lease = new TreeMap<>();
  private final List<String> others = new ArrayList<>();
  private long renewals;
  private Moment lastOther = Moment.now();

  /** How often Redis was asked for its counts, and what had been seen when that was last. */
  private long countings;

  private Account account = new Account(0, Map.of(), List.of());

  /** What had been seen by then; a window is what lies between two of these. */
  private record Account(long renewals, Map<String, Long> lease, List<String> others) {}

  /**
   * What was asked in some time.
   *
   * @param renewals of leases, by all servers
   * @param lease how often each command of the lease came, with the key or the script it is about
   * @param others every other command
   * @param calls how often Redis has run each command, by its own count, scripts' commands included
   */
  record Window(
      long renewals, Map<String, Long> lease, List<String> others, Map<String, Long> calls) {

    /** Each renewal cost no more than in another window. */
    void assertCostsNoMoreThan(Window peace) {
      assertCostsNoMore(lease, peace.lease, peace.renewals);
      assertCostsNoMore(calls, peace.calls, peace.renewals);
    }

    private void assertCostsNoMore(
        Map<String, Long> busy, Map<String, Long> peace, long peaceRenewals) {
      busy.forEach(
          (command, count) -> {
            long explained = peace.getOrDefault(command, 0L) * renewals / peaceRenewals;
            assertThat(count).as(command).isLessThanOrEqualTo(explained + EDGES);
          });
    }
  }

  private final Moment since = Moment.now();

  RedisMonitor(int port) throws IOException {
    this.port = port;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    assertThat(lines.readLine()).isEqualTo("+OK");
    Thread.ofVirtual().start(() -> read(lines));
  }

  private void read(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
    take("the monitor has ended");
  }

  private synchronized void take(String line) {
    Matcher command = COMMAND.matcher(line);
    if (!command.matches()) {
      other(line);
      return;
    }
    boolean inScript = command.group(1).equals("lua");
    String name = command.group(2).toLowerCase(java.util.Locale.ROOT);
    String about = command.group(3) == null ? "" : command.group(3);
    if (name.equals("info")) {
      countings++;
      account = new Account(renewals, Map.copyOf(lease), List.copyOf(others));
    }
    boolean renewal = name.equals("evalsha") && line.contains("\"2\" \"presence:{nodes}\"");
    boolean byRenewal = inScript && (about.startsWith("presence:{nodes}") || name.equals("time"));
    boolean ownHead = name.equals("get") && about.endsWith(":head");
    if (renewal || byRenewal || ownHead) {
      lease.merge(name + ' ' + about + (inScript ? " in a script" : ""), 1L, Long::sum);
      renewals += renewal ? 1 : 0;
    } else if (!NOT_COUNTED.contains(name)) {
      other(line);
    }
  }

  private void other(String line) {
    others.add(line);
    lastOther = Moment.now();
  }

  private synchronized Moment lastOther() {
    return lastOther;
  }

  /** Waits until what came before has ended: its rows are written, its stream is trimmed. */
  void awaitQuiet() {
    Awaitility.await("Redis to be left in peace")
        .atMost(Duration.ofSeconds(40))
        .until(() -> lastOther().ago().compareTo(QUIET) > 0);
  }

  /** The same, and waits until the tombstones of earlier sessions are forgotten, too. */
  void awaitForgotten() {
    Awaitility.await("earlier sessions to be forgotten")
        .atMost(Duration.ofSeconds(60))
        .until(() -> since.ago().compareTo(Timings.DEFAULT.tombstonePeriod()) > 0);
    awaitQuiet();
  }

  /** What Redis is asked while this goes on. */
  Window during(Runnable task) {
    Map<String, Long> callsBefore = calls();
    Account before = account();
    task.run();
    Map<String, Long> calls = minus(calls(), callsBefore);
    Account after = account();
    return new Window(
        after.renewals - before.renewals,
        minus(after.lease, before.lease),
        after.others.subList(before.others.size(), after.others.size()),
        calls);
  }

  private static Map<String, Long> minus(Map<String, Long> all, Map<String, Long> before) {
    Map<String, Long> rest = new TreeMap<>(all);
    before.forEach((name, count) -> rest.merge(name, -count, Long::sum));
    rest.values().removeIf(count -> count == 0);
    return rest;
  }

  private synchronized Account account() {
    return account;
  }

  private synchronized long countings() {
    return countings;
  }

  private Map<String, Long> calls() {
    long before = countings();
    try (Socket own = new Socket(InetAddress.getLoopbackAddress(), port)) {
      own.getOutputStream()
          .write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      Map<String, Long> calls = new TreeMap<>();
      new String(own.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(COUNT::matcher)
          .filter(Matcher::matches)
          .forEach(line -> calls.put(line.group(1), Long.parseLong(line.group(2))));
      calls.keySet().removeAll(NOT_COUNTED);
      // What the monitor tells may lag behind on a busy machine.
      Awaitility.await().until(() -> countings() > before);
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
