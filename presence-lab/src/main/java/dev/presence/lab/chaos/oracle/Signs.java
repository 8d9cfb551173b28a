package dev.presence.lab.chaos.oracle;

import java.util.List;

/** How exactly a last sign of life can be known. */
final class Signs {

  private Signs() {}

  /** Less exactly where the server died that had heard it. */
  static long toleranceMillis(List<Trouble> troubles, Kept session) {
    long tolerance = Rules.TOLERANCE_MILLIS;
    for (Trouble trouble : troubles) {
      if (trouble.touches(session.helloMicros, session.endMicros)) {
        for (String node : session.nodes) {
          if (trouble.lostSince(node, session.openMicros) < Long.MAX_VALUE) {
            tolerance = Math.max(tolerance, trouble.signMillis());
          }
        }
      }
    }
    return tolerance;
  }
}
