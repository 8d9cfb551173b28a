package dev.presence.server.session;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where Opens wait for their turn. They are let in, in order, for as long as there is room, which
 * is while rosters come as fast as they are asked for; and a few at a time, so that what live
 * sessions say comes in between. Sessions that come back go first: their grace period runs, and if
 * it ends their friends see it, while a new session only begins later.
 *
 * <p>Who would be answered when its client has given up is not let in any more: it is refused, and
 * told when to come again. So a storm is worked off at the pace that can be sustained, and nothing
 * is done for nobody. Belongs to its loop.
 *
 * @param <T> what waits
 */
final class OpenQueue<T> {

  /** A client waits 1.5 s for hello while its grace period runs; hello itself takes time, too. */
  static final long RESUME_PATIENCE_MILLIS = 1_000;

  /** The others wait for 3 s. */
  static final long PATIENCE_MILLIS = 2_000;

  /** How soon it is looked whether there is room again. */
  static final long TICK_MILLIS = 20;

  private final EventLoop loop;
  private final int bound;
  private final BooleanSupplier room;
  private final Consumer<T> letIn;
  private final ObjLongConsumer<T> refuse;
  private final RetryTurns turns;

  private final Deque<Waiting<T>> resuming = new ArrayDeque<>();
  private final Deque<Waiting<T>> beginning = new ArrayDeque<>();

  /** A step is planned: who comes meanwhile waits for it. */
  private boolean planned;

  private record Waiting<T>(T open, long untilMillis) {}

  /**
   * An empty queue.
   *
   * @param bound how many may wait
   * @param room whether one more may be let in now
   * @param letIn takes who has its turn, or is over by then
   * @param refuse takes who does not get one, and in how many milliseconds it may try again
   */
  OpenQueue(
      EventLoop loop,
      int bound,
      BooleanSupplier room,
      Consumer<T> letIn,
      ObjLongConsumer<T> refuse) {
    this.loop = loop;
    this.bound = bound;
    this.room = room;
    this.letIn = letIn;
    this.refuse = refuse;
    turns = new RetryTurns(loop.nowMillis());
  }

  /**
   * An Open has come.
   *
   * @param resumes whether for a session that the client had
   */
  void enter(T open, boolean resumes) {
    if (!planned && room.getAsBoolean()) {
      take(open);
      plan(0);
    } else if (size() >= bound) {
      turnAway(open);
    } else {
      long patience = resumes ? RESUME_PATIENCE_MILLIS : PATIENCE_MILLIS;
      (resumes ? resuming : beginning).add(new Waiting<>(open, loop.nowMillis() + patience));
      if (!planned) {
        plan(TICK_MILLIS);
      }
    }
  }

  /** Lets all in at once: for when each is answered without work. */
  void open() {
    for (T open = next(); open != null; open = next()) {
      letIn.accept(open);
    }
  }

  int size() {
    return resuming.size() + beginning.size();
  }

  private void plan(long delayMillis) {
    planned = true;
    loop.schedule(delayMillis, this::step);
  }

  private void step() {
    planned = false;
    expire(resuming);
    expire(beginning);
    int taken = 0;
    boolean open = room.getAsBoolean();
    while (open && taken < Limits.OPENS_AT_A_TIME && size() > 0) {
      T next = next();
      if (next != null) {
        take(next);
        taken++;
      }
      open = room.getAsBoolean();
    }
    if (size() > 0) {
      plan(open ? 0 : TICK_MILLIS);
    }
  }

  private void take(T open) {
    turns.taken(loop.nowMillis());
    letIn.accept(open);
  }

  private @Nullable T next() {
    Waiting<T> first = resuming.isEmpty() ? beginning.poll() : resuming.poll();
    return first == null ? null : first.open();
  }

  private void expire(Deque<Waiting<T>> line) {
    long now = loop.nowMillis();
    for (Waiting<T> first = line.peek();
        first != null && first.untilMillis() <= now;
        first = line.peek()) {
      line.remove();
      turnAway(first.open());
    }
  }

  private void turnAway(T open) {
    refuse.accept(open, turns.next(loop.nowMillis()));
  }
}
