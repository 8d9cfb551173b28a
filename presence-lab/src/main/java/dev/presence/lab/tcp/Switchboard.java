package dev.presence.lab.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Holds any number of lines on one thread, so that thousands of clients can have one each. What is
 * done to a line is done when the call returns. Thread-safe.
 */
public final class Switchboard implements AutoCloseable {

  private static final int SCRATCH_BYTES = 64 * 1024;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  /** What is passed on goes through here; a link keeps but what the other side did not take. */
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

  private volatile boolean closed;

  /** What is called when something can be done for a channel. */
  interface Ready {
    void ready(SelectionKey key) throws IOException;

    /** What was tried has failed: nothing more comes of this channel. */
    void failed();
  }

  /** Starts its thread. */
  public Switchboard() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("switchboard").start(this::work);
  }

  /**
   * A new line, on a port of its own.
   *
   * @param targets where it leads: to the first that takes the connection, beginning with another
   *     one each time
   */
  public Line line(List<InetSocketAddress> targets) {
    return line(targets, () -> Sieve.NONE);
  }

  /**
   * A new line whose answers are sifted.
   *
   * @param sieves a new one for each connection
   */
  public Line line(List<InetSocketAddress> targets, Supplier<Sieve> sieves) {
    return call(() -> new Line(this, targets, sieves));
  }

  Selector selector() {
    return selector;
  }

  ByteBuffer scratch() {
    return scratch.clear();
  }

  /** Does something on the thread of the lines, and waits for it. */
  <T> T call(Supplier<T> task) {
    if (Thread.currentThread() == thread) {
      return task.get();
    }
    if (closed) {
      throw new IllegalStateException("the switchboard is closed");
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    tasks.add(
        () -> {
          try {
            done.complete(task.get());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    return done.join();
  }

  private void work() {
    try {
      while (!closed) {
        selector.select();
        runTasks();
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key);
        }
        selector.selectedKeys().clear();
      }
      runTasks(); // of those who came just before the end
    } catch (IOException e) {
      throw new UncheckedIOException("the selector of the lines has failed", e);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private static void serve(SelectionKey key) {
    Ready channel = (Ready) key.attachment();
    try {
      if (key.isValid()) {
        channel.ready(key);
      }
    } catch (IOException e) {
      channel.failed(); // one end is gone, and the other follows
    }
  }

  /** Closes all lines. */
  @Override
  public void close() {
    boolean _ =
        call(
            () -> {
              for (SelectionKey key : List.copyOf(selector.keys())) {
                ((Ready) key.attachment()).failed();
              }
              closed = true;
              return true;
            });
    try {
      thread.join();
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
