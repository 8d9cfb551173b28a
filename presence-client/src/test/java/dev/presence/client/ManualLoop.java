package dev.presence.client;

import java.util.PriorityQueue;

/** A loop whose clock a test moves, and which runs its tasks on the thread that does. */
final class ManualLoop implements Loop {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nowMillis = 1_000_000;
  private long added;

  private record Task(long atMillis, long number, Runnable action) implements Comparable<Task> {
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
    Timer unused = schedule(0, task);
  }

  @Override
  public Timer schedule(long delayMillis, Runnable action) {
    Task task = new Task(nowMillis + delayMillis, added++, action);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Runs what is due by then, each at its time. */
  void advance(long millis) {
    long untilMillis = nowMillis + millis;
    for (Task task = tasks.peek();
        task != null && task.atMillis() <= untilMillis;
        task = tasks.peek()) {
      tasks.remove(task);
      nowMillis = Math.max(nowMillis, task.atMillis());
      task.action().run();
    }
    nowMillis = untilMillis;
  }

  int waiting() {
    return tasks.size();
  }
}
