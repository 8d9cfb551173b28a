package dev.presence.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads on which listeners are called, where the app names none of its own. */
final class DefaultCallbacks {
  private static final int THREADS = 4;
  private static final long IDLE_SECONDS = 10;

  static final ThreadPoolExecutor EXECUTOR = create();

  private DefaultCallbacks() {}

  private static ThreadPoolExecutor create() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "presence-client-callback");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
