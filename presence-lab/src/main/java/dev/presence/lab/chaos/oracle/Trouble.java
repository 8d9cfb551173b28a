package dev.presence.lab.chaos.oracle;

import java.util.Map;

/**
 * A fault, as far as those must know of it who judge.
 *
 * @param name of the scenario
 * @param fromMicros when it began
 * @param healedMicros when it was over, so that all must be right soon after
 * @param rightWithinMicros how soon
 * @param lostNodes names of servers that died, stood still or were cut off: since when their
 *     sessions may be taken for lost
 * @param signMillis how far from the truth last signs of life may be that were told by those
 * @param leniency what is not asked for
 */
public record Trouble(
    String name,
    long fromMicros,
    long healedMicros,
    long rightWithinMicros,
    Map<String, Long> lostNodes,
    long signMillis,
    Leniency leniency) {

  /**
   * What may be wrong.
   *
   * @param offlines whoever is away may be shown offline: nobody was left to say otherwise
   * @param lateReturns clients may be away for longer than the grace period
   */
  public record Leniency(boolean offlines, boolean lateReturns) {
    /** Nothing. */
    public static final Leniency NONE = new Leniency(false, false);
  }

  /**
   * Since when this server could be taken for lost; never, if it could not.
   *
   * @param node as hello named it: the server's name and more
   * @param helloMicros when it did: another start of the same server is another node
   */
  long lostSince(String node, long helloMicros) {
    for (Map.Entry<String, Long> lost : lostNodes.entrySet()) {
      if (node.startsWith(lost.getKey()) && helloMicros <= lost.getValue()) {
        return lost.getValue();
      }
    }
    return Long.MAX_VALUE;
  }

  /** Whether anything between these times falls into the fault, or just after. */
  boolean touches(long fromMicrosThere, long toMicrosThere) {
    return fromMicrosThere <= settledMicros() && toMicrosThere >= fromMicros;
  }

  /** From when on views must be right again. */
  long settledMicros() {
    return healedMicros + rightWithinMicros;
  }

  boolean covers(long atMicros) {
    return fromMicros <= atMicros && atMicros <= settledMicros();
  }
}
