package dev.presence.lab.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened in a run, a line each: when (minutes, seconds, milliseconds of simulated time),
 * who, what, why. Costs nothing unless it is asked for.
 */
final class Trace {

  private static final int MAX_LINES = 400_000;

  private final VirtualTime time;
  private final boolean on;
  private final Deque<String> lines = new ArrayDeque<>();

  Trace(VirtualTime time, boolean on) {
    this.time = time;
    this.on = on;
  }

  /** Notes that somebody did something, or that something happened to them. */
  void note(String who, Supplier<String> what) {
    if (!on) {
      return;
    }
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.add(stamp(time.nowMillis()) + "  " + pad(who) + "  " + what.get());
  }

  static String stamp(long millis) {
    StringBuilder stamp = new StringBuilder(9);
    digits(stamp, millis / 60_000, 2).append(':');
    digits(stamp, millis / 1_000 % 60, 2).append('.');
    return digits(stamp, millis % 1_000, 3).toString();
  }

  private static StringBuilder digits(StringBuilder to, long number, int width) {
    String text = Long.toString(number);
    return to.append("0".repeat(Math.max(0, width - text.length()))).append(text);
  }

  private static String pad(String who) {
    return who.length() >= 8 ? who : who + " ".repeat(8 - who.length());
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
