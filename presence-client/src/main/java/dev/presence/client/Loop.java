package dev.presence.client;

import java.util.concurrent.Executor;

/**
 * The one thread on which everything that belongs to a session happens, and its clock. Tasks run
 * one at a time in the order they were given; none of them may block. Public for {@link
 * ClientMachine}.
 */
public interface Loop extends Executor {

  /** Milliseconds of a clock that never goes back and has no meaning outside this process. */
  long nowMillis();

  /** Runs an action on the loop, after a delay. */
  Timer schedule(long delayMillis, Runnable action);

  /** An action that is waiting for its time. */
  interface Timer {
    /** Called on the loop, after which the action will not run. */
    void cancel();
  }
}
