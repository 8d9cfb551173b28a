package dev.presence.lab.chaos.oracle;

/**
 * A time in which a client was connected.
 *
 * @param openMicros when it sent Open
 * @param fromMicros when hello came
 * @param toMicros when it ended; {@link Long#MAX_VALUE} if it has not
 * @param end how: {@link Deed#GREETED} if the client moved without a gap
 * @param mendedMicros when the line that was cut was whole again; {@link Long#MAX_VALUE} if never
 * @param leftMicros when the user signed out, or the line was cut, if that came after the end
 * @param session which session
 * @param node which server
 */
record Stretch(
    long openMicros,
    long fromMicros,
    long toMicros,
    Deed end,
    long mendedMicros,
    long leftMicros,
    String session,
    String node) {

  static Stretch begun(long openMicros, long atMicros, String session, String node) {
    return new Stretch(
        openMicros,
        atMicros,
        Long.MAX_VALUE,
        Deed.GREETED,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        session,
        node);
  }

  Stretch ended(long atMicros, Deed how) {
    return new Stretch(
        openMicros, fromMicros, atMicros, how, Long.MAX_VALUE, atMicros, session, node);
  }

  /** The line is whole again. */
  Stretch mended(long atMicros) {
    return new Stretch(openMicros, fromMicros, toMicros, end, atMicros, leftMicros, session, node);
  }

  /** While it was away already, the crowd did something else, which counts in place of the end. */
  Stretch left(long atMicros, Deed how) {
    return new Stretch(
        openMicros, fromMicros, toMicros, how, Long.MAX_VALUE, atMicros, session, node);
  }

  /** Whether the client has to be back within its grace period: nothing was in its way. */
  boolean mayReturn() {
    return end == Deed.LOST || (end == Deed.CUT && mendedMicros - toMicros <= Rules.FREE_AGAIN);
  }

  boolean lasts() {
    return toMicros == Long.MAX_VALUE;
  }
}
