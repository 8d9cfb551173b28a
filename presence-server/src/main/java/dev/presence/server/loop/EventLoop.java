package dev.presence.server.loop;

import java.util.concurrent.Executor;

/**
 * A single thread with a clock: tasks run one after the other, in the order in which they came.
 *
 * <p>Whatever belongs to a loop is touched by its tasks only, and so needs no locks. In a
 * simulation, loops are queues that the test empties, and the clock is a number that the test
 * moves.
 */
public interface EventLoop extends Executor {

  /**
   * The monotonic clock, in milliseconds. Only differences mean anything. Callable from any thread.
   */
  long nowMillis();

  /**
   * Runs {@code task} on this loop after {@code delayMillis} (0 or more). Callable from any thread.
   */
  Timer schedule(long delayMillis, Runnable task);

  /** A task that waits for its time. */
  interface Timer {
    /**
     * Takes the task back. Called on the loop itself, it is certain that the task does not run any
     * more.
     */
    void cancel();
  }
}
