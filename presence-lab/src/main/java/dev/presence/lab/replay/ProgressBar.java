package dev.presence.lab.replay;

import dev.presence.lab.replay.stage.Progress;
import java.io.PrintStream;

/** Shows how far a run has come: a bar on a terminal, else a line every few seconds. */
final class ProgressBar implements Progress {

  private static final long BAR_NANOS = 200_000_000;
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final int WIDTH = 24;

  private final PrintStream out;
  private final boolean terminal;
  private final long begunNanos = System.nanoTime();
  private long shownNanos;

  ProgressBar(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    shownNanos = begunNanos;
  }

  @Override
  public void show(Moment moment) {
    long now = System.nanoTime();
    if (now - shownNanos < (terminal ? BAR_NANOS : LINE_NANOS)) {
      return;
    }
    shownNanos = now;
    String text = text(moment, (now - begunNanos) / 1_000_000_000);
    if (terminal) {
      // Return to the line's begin, and clear what is left of the text before.
      out.print("\r" + text + "\u001b[K");
      out.flush();
    } else {
      out.println(text);
    }
  }

  private static String text(Moment moment, long seconds) {
    int filled = (int) (WIDTH * moment.finished() / Math.max(1, moment.sessions()));
    return "[%s%s] %,d/%,d sessions, %,d people on %,d devices, %d:%02d, %s"
        .formatted(
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            moment.finished(),
            moment.sessions(),
            moment.people(),
            moment.connected(),
            seconds / 60,
            seconds % 60,
            moment.phase());
  }

  /** Leaves the bar's line. */
  void end() {
    if (terminal) {
      out.println();
    }
  }
}
