package dev.presence.lab.chaos.calm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.presence.client.PresenceChannels;
import dev.presence.lab.chaos.calm.Questions.Success;
import dev.presence.lab.clients.RunClock;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * The process. On its input the token of a service, a line with those about whom it asks, and
 * people's tokens, a line each, then {@code go}; it says {@code live} when all have been greeted.
 * After that {@code begin} forgets what was measured, and {@code end} is answered by lines: beats
 * sent, beats answered, and p50, p99 and the longest answer in microseconds; questions wanted,
 * asked, answered and answered as stale; how many failures follow, and these. Arguments: where the
 * edge is, as host and port.
 */
public final class CalmMain {

  private static final int STREAMS_A_CHANNEL = 50;
  private static final long LIVE_TIMEOUT_MILLIS = 60_000;

  /** What has not been answered by then counts as answered then, or later. */
  private static final long LAST_ANSWERS_MILLIS = Questions.DEADLINE.toMillis() + 500;

  private static final int FAILURES = 3;

  private CalmMain() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    String service = lines.readLine();
    List<String> users = List.of(lines.readLine().split(" ", -1));
    List<String> tokens = new ArrayList<>();
    for (String line = lines.readLine(); !"go".equals(line); line = lines.readLine()) {
      tokens.add(line);
    }
    List<CalmStream> streams = open(arguments[0], tokens);
    awaitLive(streams);
    ScheduledExecutorService beats = Executors.newScheduledThreadPool(1);
    for (int i = 0; i < streams.size(); i++) {
      CalmStream stream = streams.get(i);
      long firstMillis = 1_000L * i / streams.size(); // not all at once
      var _ = beats.scheduleAtFixedRate(stream::beat, firstMillis, 1_000, TimeUnit.MILLISECONDS);
    }
    RunClock clock = new RunClock();
    Questions questions = new Questions(arguments[0], clock, users, service);
    System.out.println("live");
    long begun = clock.micros();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      switch (line) {
        case "begin" -> {
          streams.forEach(CalmStream::forget);
          begun = clock.micros();
        }
        case "end" -> {
          beats.shutdownNow();
          long ended = clock.micros();
          Thread.sleep(LAST_ANSWERS_MILLIS);
          System.out.println(summary(streams));
          tell(questions.between(begun, ended));
        }
        default -> throw new IllegalArgumentException("no command: " + line);
      }
    }
    System.exit(0);
  }

  private static List<CalmStream> open(String edge, List<String> tokens) {
    List<CalmStream> streams = new ArrayList<>();
    ManagedChannel channel = PresenceChannels.forServers(List.of(edge), true);
    for (int i = 0; i < tokens.size(); i++) {
      if (i > 0 && i % STREAMS_A_CHANNEL == 0) {
        channel = PresenceChannels.forServers(List.of(edge), true);
      }
      streams.add(new CalmStream(channel, tokens.get(i)));
    }
    return streams;
  }

  private static void awaitLive(List<CalmStream> streams) throws InterruptedException {
    long deadline = System.currentTimeMillis() + LIVE_TIMEOUT_MILLIS;
    while (!streams.stream().allMatch(CalmStream::live)) {
      if (System.currentTimeMillis() > deadline) {
        throw new IllegalStateException("not all streams came up");
      }
      Thread.sleep(50);
    }
  }

  private static void tell(Success success) {
    List<String> failures = success.failures().stream().limit(FAILURES).toList();
    System.out.printf(
        "%d %d %d %d%n%d%n",
        success.wanted(), success.asked(), success.answered(), success.stale(), failures.size());
    failures.forEach(failure -> System.out.println(failure.replaceAll("\\R", " ")));
  }

  private static String summary(List<CalmStream> streams) {
    long answered = streams.stream().mapToLong(stream -> stream.answers().length).sum();
    long[] waits =
        streams.stream()
            .flatMapToLong(
                stream ->
                    LongStream.concat(
                        Arrays.stream(stream.answers()), Arrays.stream(stream.waiting())))
            .sorted()
            .toArray();
    return "%d %d %d %d %d"
        .formatted(waits.length, answered, at(waits, 0.5), at(waits, 0.99), at(waits, 1));
  }

  private static long at(long[] sorted, double share) {
    return sorted.length == 0 ? -1 : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
