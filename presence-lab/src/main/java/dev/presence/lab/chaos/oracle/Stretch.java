package dev.presence.lab.chaos.oracle;

/**
 * A time in which a client was connected.
 *
 * @param openMicros when it sent Open
 * @param fromMicros when hello came
 * @param toMicros when it ended; {@link Long#MAX_VALUE} if it has not
 * @param end how: {@link Deed#GREETED} if the client moved without a gap
 * @param leftMicros when the user signed out, or the line was cut, if that came after the end
 * @param session which session
 * @param node which server
 */
record Stretch(
    long openMicros,
    long fromMicros,
    long toMicros,
    Deed end,
    long leftMicros,
    String session,
    String node) {

  static Stretch begun(long openMicros, long atMicros, String session, String node) {
    return new Stretch(
        openMicros, atMicros, Long.MAX_VALUE, Deed.GREETED, Long.MAX_VALUE, session, node);
  }

  Stretch ended(long atMicros, Deed how) {
    return new Stretch(openMicros, fromMicros, atMicros, how, atMicros, session, node);
  }

  /** While it was away already, the crowd decided on something else. */
  Stretch left(long atMicros, Deed how) {
    return new Stretch(openMicros, fromMicros, toMicros, how, atMicros, session, node);
  }

  boolean lasts() {
    return toMicros == Long.MAX_VALUE;
  }
}
