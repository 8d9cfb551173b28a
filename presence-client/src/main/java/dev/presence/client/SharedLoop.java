package dev.presence.client;

import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The loop of all sessions in this process: one daemon thread, which ends when there is nothing to
 * do. What a session does on it takes microseconds, so thousands of them share it.
 */
final class SharedLoop implements Loop {
  private static final System.Logger log = System.getLogger(SharedLoop.class.getName());
  private static final long IDLE_SECONDS = 10;

  static final SharedLoop INSTANCE = new SharedLoop();

  private final ScheduledThreadPoolExecutor executor;

  private SharedLoop() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "presence-client");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(() -> guarded(task));
  }

  @Override
  public Timer schedule(long delayMillis, Runnable action) {
    ScheduledFuture<?> waiting =
        executor.schedule(() -> guarded(action), delayMillis, TimeUnit.MILLISECONDS);
    return () -> waiting.cancel(false);
  }

  /** A defect in one session must not end the others. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.log(Level.ERROR, "a task of the presence client failed", e);
    }
  }
}
