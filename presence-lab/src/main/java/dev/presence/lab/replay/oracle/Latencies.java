package dev.presence.lab.replay.oracle;

import java.util.Arrays;

/** How long changes took to be seen: each of them, so that percentiles are exact. */
public final class Latencies {

  private int[] micros = new int[1_024];
  private int size;
  private boolean sorted;

  void add(long latencyMicros) {
    if (size == micros.length) {
      micros = Arrays.copyOf(micros, size * 2);
    }
    micros[size++] = (int) latencyMicros;
    sorted = false;
  }

  /** How many there are. */
  public int count() {
    return size;
  }

  /** The latency in milliseconds that so many of a hundred did not exceed; 0 if there are none. */
  public double percentileMillis(double percentile) {
    if (size == 0) {
      return 0;
    }
    if (!sorted) {
      Arrays.sort(micros, 0, size);
      sorted = true;
    }
    int rank = (int) Math.ceil(percentile / 100 * size);
    return micros[Math.clamp(rank - 1, 0, size - 1)] / 1_000.0;
  }
}
