package dev.presence.lab.simulation;

import dev.presence.server.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A process on the run's clock: it can be killed, after which nothing of it happens, and stopped
 * for a while (SIGSTOP), after which everything is late, what came to its sockets included.
 */
final class SimulatedProcess {

  private final VirtualTime time;
  private final long clockOffsetMillis;
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean dead;
  private boolean paused;

  /**
   * A process that runs.
   *
   * @param clockOffsetMillis where its own monotonic clock stands at the run's beginning
   */
  SimulatedProcess(VirtualTime time, long clockOffsetMillis) {
    this.time = time;
    this.clockOffsetMillis = clockOffsetMillis;
  }

  /** Something arrives, or is due. */
  void receive(Runnable task) {
    if (paused) {
      held.add(task);
    } else if (!dead) {
      task.run();
    }
  }

  /** One thread of the process. */
  EventLoop loop() {
    return new Loop();
  }

  private final class Loop implements EventLoop {

    @Override
    public long nowMillis() {
      return time.nowMillis() + clockOffsetMillis;
    }

    @Override
    public void execute(Runnable task) {
      var _ = schedule(0, task);
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
      Guarded guarded = new Guarded(task);
      guarded.event = time.schedule(delayMillis, () -> receive(guarded));
      return guarded;
    }
  }

  /** A task that can be taken back even while its process is paused. */
  private static final class Guarded implements Runnable, EventLoop.Timer {
    private final Runnable task;
    private VirtualTime.@org.jspecify.annotations.Nullable Event event;
    private boolean cancelled;

    Guarded(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (event != null) {
        event.cancel();
      }
    }
  }

  void kill() {
    dead = true;
    paused = false;
    held.clear();
  }

  void pause() {
    paused = !dead;
  }

  /** What came meanwhile is done now, in the order in which it came. */
  void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    while (!held.isEmpty()) {
      Runnable late = held.remove();
      var _ = time.schedule(0, () -> receive(late));
    }
  }

  boolean isDead() {
    return dead;
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether it does anything now. */
  boolean runs() {
    return !dead && !paused;
  }
}
