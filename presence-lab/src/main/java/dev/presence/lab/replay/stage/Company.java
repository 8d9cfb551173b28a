package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.RunClock;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.plan.StatusChange.Status;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all players of a run share, and what is true of all of them together. Thread-safe. */
final class Company {

  /** A session without a stream counts for so long. */
  static final long GRACE_MILLIS = 10_000;

  /**
   * Two wishes of one user keep this distance, so that all agree which of them is the newer one, on
   * whatever servers they arrive.
   */
  private static final long WISH_DISTANCE_MICROS = 600_000;

  private static final long ON_ITS_WAY = Long.MAX_VALUE;

  private final People people;
  private final Roads roads;
  private final RunClock clock;
  private final Schedule schedule;
  private final Tally tally;
  private final Attendance attendance;
  private final UnaryOperator<String> tokens;
  private final @Nullable String[] tokenOf;
  private final AtomicLongArray wishedMicros;
  private final Pacer pacer = new Pacer();
  private final AtomicInteger away = new AtomicInteger();
  private final AtomicLong truthUntilMicros = new AtomicLong();

  Company(
      People people,
      Roads roads,
      RunClock clock,
      Schedule schedule,
      Tally tally,
      UnaryOperator<String> tokens) {
    this.people = people;
    this.roads = roads;
    this.clock = clock;
    this.schedule = schedule;
    this.tally = tally;
    this.tokens = tokens;
    attendance = new Attendance(people.ids().size());
    tokenOf = new String[people.ids().size()];
    wishedMicros = new AtomicLongArray(people.ids().size());
    for (int user = 0; user < wishedMicros.length(); user++) {
      wishedMicros.set(user, -WISH_DISTANCE_MICROS);
    }
  }

  People people() {
    return people;
  }

  Roads roads() {
    return roads;
  }

  RunClock clock() {
    return clock;
  }

  Schedule schedule() {
    return schedule;
  }

  Tally tally() {
    return tally;
  }

  Attendance attendance() {
    return attendance;
  }

  /** A user's token: made once, since that costs a signature. On the schedule's thread. */
  String token(int user) {
    String token = tokenOf[user];
    if (token == null) {
      token = tokens.apply(people.ids().get(user));
      tokenOf[user] = token;
    }
    return token;
  }

  /**
   * Whether a user may send this now. If so, it counts as on its way until {@link #wished} is told.
   */
  boolean mayWish(int user, Status status) {
    if (status != Status.BUSY && status != Status.AVAILABLE) {
      return true;
    }
    long last = wishedMicros.get(user);
    return last != ON_ITS_WAY
        && clock.micros() - last >= WISH_DISTANCE_MICROS
        && wishedMicros.compareAndSet(user, last, ON_ITS_WAY);
  }

  /** A user's wish has been sent, or never will be. */
  void wished(int user) {
    wishedMicros.set(user, clock.micros());
  }

  /** Says how many sessions may be opening. */
  Pacer pacer() {
    return pacer;
  }

  /** So many more sessions were cut and are going to come back. */
  void away(int more) {
    var _ = away.addAndGet(more);
  }

  /** How many sessions were cut and are going to come back. */
  int away() {
    return away.get();
  }

  /** Something that others can see happens in so many milliseconds. */
  void truthChanges(long inMillis) {
    long at = clock.micros() + inMillis * 1_000;
    var _ = truthUntilMicros.accumulateAndGet(at, Math::max);
  }

  /** When the last thing happens that others can see. */
  long truthUntilMicros() {
    return truthUntilMicros.get();
  }

  void finished() {
    tally.finished.incrementAndGet();
  }

  void gaveUp(PlannedSession plan, String why) {
    tally.gaveUp(people.ids().get(plan.user()), why);
  }
}
