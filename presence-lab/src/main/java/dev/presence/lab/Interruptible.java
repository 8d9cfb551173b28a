package dev.presence.lab;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that Ctrl-C ends in order: its thread is interrupted, and stops what it has started, before
 * this process ends.
 */
public final class Interruptible {

  /** As shells say it of a program that Ctrl-C has ended. */
  private static final int INTERRUPTED = 130;

  private static final long PATIENCE_SECONDS = 30;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean interrupted;

  private Interruptible() {}

  /** Does the work on this thread, and returns the status with which it ends. */
  public static int run(Callable<Integer> work) throws Exception {
    Interruptible run = new Interruptible();
    Thread hook = new Thread(run::interrupt, "ctrl-c");
    Runtime.getRuntime().addShutdownHook(hook);
    int status;
    try {
      status = work.call();
    } catch (InterruptedException e) {
      status = INTERRUPTED;
    } finally {
      if (run.interrupted) {
        // The virtual machine goes down as soon as its hook has ended, with a status of its own: it
        // must be told ours before.
        Runtime.getRuntime().halt(INTERRUPTED);
      }
      run.ended.countDown();
    }
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      Runtime.getRuntime().halt(INTERRUPTED); // it has just begun to go down
    }
    return status;
  }

  private void interrupt() {
    interrupted = true;
    worker.interrupt();
    try {
      boolean _ = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
