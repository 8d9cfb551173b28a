package dev.presence.client;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands a session's events over to the app's executor, one at a time and in order. Changes that
 * wait are conflated by contact, so that a listener that hangs costs bounded memory.
 */
final class CallbackQueue implements PresenceListener {
  private static final System.Logger log = System.getLogger(CallbackQueue.class.getName());

  private final Executor executor;
  private final PresenceListener listener;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by itself
  private boolean running; // guarded by waiting

  CallbackQueue(Executor executor, PresenceListener listener) {
    this.executor = executor;
    this.listener = listener;
  }

  /** The changes that came since the last other event, the newest of each contact. */
  private final class ChangeBatch implements Runnable {
    final Map<String, Presence> changes = new LinkedHashMap<>();

    void add(Presence contact) {
      changes.remove(contact.userId()); // so that it moves to the end
      changes.put(contact.userId(), contact);
    }

    @Override
    public void run() {
      changes.values().forEach(contact -> guarded(() -> listener.onChange(contact)));
    }
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    add(() -> listener.onSnapshot(contacts));
  }

  @Override
  public void onState(ConnectionState state) {
    add(() -> listener.onState(state));
  }

  @Override
  public void onHello(SessionInfo info) {
    add(() -> listener.onHello(info));
  }

  @Override
  public void onChange(Presence contact) {
    synchronized (waiting) {
      if (waiting.peekLast() instanceof ChangeBatch batch) {
        batch.add(contact);
        return; // whoever put the batch there has seen to it that it will run
      }
    }
    ChangeBatch batch = new ChangeBatch();
    batch.add(contact);
    add(batch);
  }

  private void add(Runnable event) {
    synchronized (waiting) {
      waiting.add(event);
      if (running) {
        return;
      }
      running = true;
    }
    start();
  }

  private void start() {
    try {
      executor.execute(this::drain);
    } catch (RuntimeException e) { // most likely shut down: nobody listens any more
      log.log(Level.DEBUG, "the callback executor refused an event", e);
      synchronized (waiting) {
        waiting.clear();
        running = false;
      }
    }
  }

  private void drain() {
    for (Runnable event = next(); event != null; event = next()) {
      guarded(event);
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      Runnable event = waiting.poll();
      running = event != null;
      return event;
    }
  }

  private static void guarded(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | Error e) { // an error too must not end the session's events
      log.log(Level.WARNING, "a presence listener failed", e);
    }
  }
}
