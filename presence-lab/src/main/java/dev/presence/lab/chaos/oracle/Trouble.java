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
   * @param views apps may show what is not so, while it lasts and until all must be right
   * @param offlines whoever is away may be shown offline: nobody was left to say otherwise
   * @param lateReturns clients may be away for longer than the grace period
   * @param news servers cannot hear of each other while it lasts, and say that they are stale: who
   *     comes to one of them may be told when a contact was seen before it
   */
  public record Leniency(boolean views, boolean offlines, boolean lateReturns, boolean news) {
    /** Nothing at all. */
    public static final Leniency NONE = new Leniency(false, false, false, false);

    /** What apps show. */
    public static final Leniency VIEWS = new Leniency(true, false, false, false);

    /** What apps show; and no news. */
    public static final Leniency NO_NEWS = new Leniency(true, false, false, true);

    /** What apps show; and clients that come late. */
    public static final Leniency LATE_RETURNS = new Leniency(true, false, true, false);

    /** What apps show, whom they take for offline, and clients that come late. */
    public static final Leniency NOBODY_LEFT = new Leniency(true, true, true, false);
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

  /** Whether apps may show something wrong then. */
  boolean hides(long atMicros) {
    return leniency.views && covers(atMicros);
  }

  boolean covers(long atMicros) {
    return fromMicros <= atMicros && atMicros <= settledMicros();
  }
}
