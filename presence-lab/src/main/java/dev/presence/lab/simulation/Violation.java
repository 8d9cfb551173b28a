package dev.presence.lab.simulation;

/**
 * Something that must not be.
 *
 * @param invariant the name of what it breaks
 * @param atMillis when, in simulated time
 * @param what what happened, for people
 */
record Violation(String invariant, long atMillis, String what) {

  @Override
  public String toString() {
    return Trace.stamp(atMillis) + "  " + invariant + ": " + what;
  }
}
