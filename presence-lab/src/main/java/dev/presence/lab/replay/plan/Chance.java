package dev.presence.lab.replay.plan;

import dev.presence.lab.replay.plan.StatusChange.Status;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All that the log does not say about a session, drawn by lot. Each session has a lot of its own,
 * so that a run with fewer sessions plays the same ones.
 */
final class Chance {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** One of ten sessions is a long one. */
  private static final int LONG_ONES = 10;

  private static final int STATUS_CHANGERS = 5;

  /** Shares of the endings, of 100. */
  private static final int SIGN_OUTS = 60;

  private static final int CUTS_FOR_GOOD = 20;

  /** Cuts that drop a TCP connection, of 100: some 670 of the bundled log's 11,200 cuts. */
  private static final int CONNECTION_CUTS = 6;

  /**
   * The path opens again after 0.1 to 6.5 s. The client tries at most 2 s apart, so that with some
   * room for a busy machine it is back within 0.1 to 9 s.
   */
  private static final int AWAY_MIN_MILLIS = 100;

  private static final int AWAY_MAX_MILLIS = 6_500;

  /** Of so many sessions in a row, two are held by the web library: whatever the run's length. */
  private static final int WEB_BLOCK = 9;

  /** Status changes keep this distance from hello and from the end. */
  private static final int STATUS_MARGIN_MILLIS = 400;

  private final SplittableRandom random;

  Chance(long seed, int session) {
    random = new SplittableRandom(seed + session * GOLDEN_GAMMA);
  }

  /** Whether the web library holds a session: a lot that is drawn for a row of sessions at once. */
  static boolean web(long seed, int session) {
    // A seed of its own, so that nothing else of any session depends on it.
    SplittableRandom random = new Chance(~seed, session / WEB_BLOCK).random;
    int first = random.nextInt(WEB_BLOCK);
    int second = (first + 1 + random.nextInt(WEB_BLOCK - 1)) % WEB_BLOCK;
    int place = session % WEB_BLOCK;
    return place == first || place == second;
  }

  private boolean oneOf(int n) {
    return random.nextInt(n) == 0;
  }

  int hold(Holds holds) {
    return oneOf(LONG_ONES)
        ? random.nextInt(holds.longMinMillis(), holds.longMaxMillis() + 1)
        : holds.shortMillis();
  }

  /** Mostly none; else one change, or a device that is left and taken up again. */
  List<StatusChange> statusChanges(int holdMillis) {
    if (!oneOf(STATUS_CHANGERS)) {
      return List.of();
    }
    int first = random.nextInt(STATUS_MARGIN_MILLIS, holdMillis - STATUS_MARGIN_MILLIS);
    return switch (random.nextInt(4)) {
      case 0 -> List.of(new StatusChange(first, Status.AWAY));
      case 1 -> {
        int half = holdMillis / 2;
        int left = random.nextInt(STATUS_MARGIN_MILLIS, half);
        int back = random.nextInt(half, holdMillis - STATUS_MARGIN_MILLIS);
        yield List.of(new StatusChange(left, Status.AWAY), new StatusChange(back, Status.ACTIVE));
      }
      case 2 -> List.of(new StatusChange(first, Status.BUSY));
      default -> List.of(new StatusChange(first, Status.AVAILABLE));
    };
  }

  Ending ending() {
    int lot = random.nextInt(100);
    if (lot < SIGN_OUTS) {
      return Ending.SIGN_OUT;
    }
    return lot < SIGN_OUTS + CUTS_FOR_GOOD ? Ending.CUT : Ending.CUT_AND_RESUME;
  }

  boolean cutsConnection(Ending ending) {
    return random.nextInt(100) < CONNECTION_CUTS && ending != Ending.SIGN_OUT;
  }

  int server() {
    return random.nextInt(2);
  }

  /** The same server or the other one, half and half. */
  int resumeServer(int server) {
    return random.nextBoolean() ? server : 1 - server;
  }

  int away() {
    return random.nextInt(AWAY_MIN_MILLIS, AWAY_MAX_MILLIS + 1);
  }
}
