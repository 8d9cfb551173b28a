package dev.presence.lab.simulation;

import java.io.PrintStream;

/** The counts of faults and rules, for people. */
record TallyReport(PrintStream out) {

  void print(Tally tally) {
    out.println("faults:");
    for (FaultKind kind : FaultKind.values()) {
      out.printf("  %-28s %,12d%n", kind, tally.count(kind));
    }
    out.println("rules:");
    for (Rule rule : Rule.values()) {
      out.printf("  %-28s %,12d%n", rule, tally.count(rule));
    }
  }

  static boolean anyMissing(Tally tally) {
    for (FaultKind kind : FaultKind.values()) {
      if (tally.count(kind) == 0) {
        return true;
      }
    }
    for (Rule rule : Rule.values()) {
      if (tally.count(rule) == 0) {
        return true;
      }
    }
    return false;
  }
}
