package dev.presence.lab.chaos.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server holds at a quiet moment.
 *
 * @param heapBytes the heap that is left after a collection
 * @param threads how many threads it has
 * @param descriptors how many files and sockets it has open
 */
public record Footprint(long heapBytes, long threads, long descriptors) {

  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");

  /** Lets a server, by its process id, collect its garbage, and looks. */
  public static Footprint of(long pid) {
    // What the first collection finalises goes with the second.
    String _ = jcmd(pid, "GC.run");
    String _ = jcmd(pid, "GC.run");
    long heap = number(USED, jcmd(pid, "GC.heap_info")) * 1_024;
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      long threads = number(THREADS, Files.readString(Path.of("/proc/" + pid + "/status")));
      return new Footprint(heap, threads, open.count());
    } catch (IOException e) {
      throw new UncheckedIOException("/proc does not tell of process " + pid, e);
    }
  }

  private static String jcmd(long pid, String command) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  command)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException("jcmd " + command + " failed: " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException("jcmd cannot be started", e);
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public String toString() {
    return "heap %.1f MB, %d threads, %d descriptors"
        .formatted(heapBytes / 1e6, threads, descriptors);
  }
}
