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
      run.ended.countDown();
    }
    if (run.interrupted) {
      // The virtual machine is going down already, with a status of its own unless told ours.
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    Runtime.getRuntime().removeShutdownHook(hook);
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
