package dev.presence.lab.replay.plan;

/**
 * How long sessions are held, from their hello.
 *
 * @param shortMillis nine of ten
 * @param longMinMillis one of ten: at least this long
 * @param longMaxMillis and at most this long
 */
public record Holds(int shortMillis, int longMinMillis, int longMaxMillis) {

  /** What a replay does. */
  public static final Holds FULL = new Holds(2_000, 10_000, 30_000);

  /** For tests that cannot wait for half a minute: the long ones are shorter. */
  public static final Holds BRIEF = new Holds(2_000, 5_000, 7_000);
}
