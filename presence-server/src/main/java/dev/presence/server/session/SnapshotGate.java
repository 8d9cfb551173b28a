package dev.presence.server.session;

import dev.presence.server.presence.Outbox;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds the end of snapshots until this server has caught up. A client that comes back takes those
 * who are not listed for gone, so the end of its snapshot tells OFFLINE: and that is told only when
 * everything that had happened anywhere is in the replica. Thread-safe.
 */
final class SnapshotGate {

  private final Consumer<Runnable> whenCaughtUp;

  /** Who came before the question that is under way, and what opens the gate for them. */
  private Map<Outbox, Runnable> asked = new LinkedHashMap<>();

  /** Who came after it. */
  private Map<Outbox, Runnable> waiting = new LinkedHashMap<>();

  private boolean asking;

  /**
   * A gate.
   *
   * @param whenCaughtUp runs what it is given, on any thread, once all that had happened anywhere
   *     by now has been taken in
   */
  SnapshotGate(Consumer<Runnable> whenCaughtUp) {
    this.whenCaughtUp = whenCaughtUp;
  }

  /** Runs {@code open} once this server has caught up, unless the outbox has left by then. */
  void pass(Outbox outbox, Runnable open) {
    synchronized (this) {
      waiting.put(outbox, open);
    }
    ask();
  }

  /** The stream is gone. */
  synchronized void leave(Outbox outbox) {
    asked.remove(outbox);
    waiting.remove(outbox);
  }

  private void ask() {
    synchronized (this) {
      if (asking || waiting.isEmpty()) {
        return;
      }
      asking = true;
      asked = waiting;
      waiting = new LinkedHashMap<>();
    }
    whenCaughtUp.accept(this::open);
  }

  private void open() {
    Map<Outbox, Runnable> opened;
    synchronized (this) {
      opened = asked;
      asked = new LinkedHashMap<>();
      asking = false;
    }
    opened.values().forEach(Runnable::run);
    ask();
  }
}
