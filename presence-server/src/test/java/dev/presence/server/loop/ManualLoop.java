package dev.presence.server.loop;

import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose clock a test moves. Tasks run on the thread that moves it, in the order of
 * their times, and of two at one time the one that came first. Tasks may come from any thread; only
 * one thread may move the clock.
 *
 * <p>One such loop can stand for all loops and executors of a simulated server, or of several.
 */
public final class ManualLoop implements EventLoop {

  /** More tasks than this without the clock moving on are taken for an endless loop. */
  private static final int MAX_TASKS_AT_ONE_TIME = 1_000_000;

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private volatile long nowMillis;
  private long added;

  /** A loop whose clock begins at 0. */
  public ManualLoop() {
    this(0);
  }

  /** A loop whose clock begins at {@code nowMillis}. */
  public ManualLoop(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  private static final class Task implements Comparable<Task> {
    final long atMillis;
    final long number;
    final Runnable action;

    Task(long atMillis, long number, Runnable action) {
      this.atMillis = atMillis;
      this.number = number;
      this.action = action;
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public void execute(Runnable task) {
    var _ = schedule(0, task);
  }

  @Override
  public Timer schedule(long delayMillis, Runnable action) {
    synchronized (tasks) {
      Task task = new Task(nowMillis + Math.max(0, delayMillis), added++, action);
      tasks.add(task);
      return () -> cancel(task);
    }
  }

  private void cancel(Task task) {
    synchronized (tasks) {
      tasks.remove(task);
    }
  }

  /** Runs what is due now, and what that makes due, until nothing is. */
  public void runDue() {
    advance(Duration.ZERO);
  }

  /** Moves the clock on, stopping at each task that becomes due on the way to run it. */
  public void advance(Duration time) {
    long untilMillis = nowMillis + time.toMillis();
    int atOneTime = 0;
    for (Task task = next(untilMillis); task != null; task = next(untilMillis)) {
      if (task.atMillis > nowMillis) {
        nowMillis = task.atMillis;
        atOneTime = 0;
      }
      if (++atOneTime > MAX_TASKS_AT_ONE_TIME) {
        throw new AssertionError("tasks go on for ever at " + nowMillis + " ms");
      }
      task.action.run();
    }
    nowMillis = untilMillis;
  }

  private @Nullable Task next(long untilMillis) {
    synchronized (tasks) {
      Task first = tasks.peek();
      return first == null || first.atMillis > untilMillis ? null : tasks.poll();
    }
  }

  /** Moves the clock on as in a pause of the process: what became due runs late, at the end. */
  public void pause(Duration time) {
    long resumedAtMillis = nowMillis + time.toMillis();
    nowMillis = resumedAtMillis;
    runDue();
  }

  /** How many tasks wait, for now or later. */
  public int waiting() {
    synchronized (tasks) {
      return tasks.size();
    }
  }
}
