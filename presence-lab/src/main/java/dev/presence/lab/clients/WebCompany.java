package dev.presence.lab.clients;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.presence.lab.store.Detached;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Node process in which the web library holds sessions: {@code company.mjs}. Commands go in,
 * what happens comes out. Whoever hears of an event gives no command on that thread, so that the
 * two pipes never wait for each other. Thread-safe.
 */
public final class WebCompany implements AutoCloseable {

  /** So often the clocks are compared; the quickest answer counts. */
  private static final int CLOCK_READINGS = 30;

  private static final long STOP_SECONDS = 5;

  private final WebVenue venue;
  private final Process process;
  private final Writer commands;
  private final BufferedReader events;
  private final Map<Integer, WebListener> listeners = new ConcurrentHashMap<>();
  private final long clockAheadMicros;
  private volatile @Nullable Exception failure;
  private volatile boolean closing;

  private WebCompany(WebVenue venue, Process process, RunClock clock) throws IOException {
    this.venue = venue;
    this.process = process;
    commands = process.outputWriter();
    events = process.inputReader();
    clockAheadMicros = compare(clock);
    var _ = Thread.ofPlatform().daemon().name("web-company").start(this::listen);
  }

  /**
   * Starts it.
   *
   * @throws IllegalStateException if it does not start; the message is one clear line
   */
  public static WebCompany start(WebVenue venue, RunClock clock) {
    Process process;
    try {
      process =
          new ProcessBuilder(
                  Detached.command(
                      venue.library().node().toString(),
                      venue.library().script().toString(),
                      venue.origin()))
              .redirectError(ProcessBuilder.Redirect.appendTo(venue.log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the web sessions' process cannot be started", e);
    }
    try {
      return new WebCompany(venue, process, clock);
    } catch (IOException | IllegalStateException e) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "the web sessions' process does not start; log: " + venue.log(), e);
    }
  }

  /** How far its clock is ahead of ours: both run at the same pace. */
  private long compare(RunClock clock) throws IOException {
    long quickest = Long.MAX_VALUE;
    long ahead = 0;
    for (int i = 0; i < CLOCK_READINGS; i++) {
      long asked = clock.micros();
      write(Map.of("clock", true));
      String line = events.readLine();
      long answered = clock.micros();
      if (line == null) {
        throw new IOException("it has ended");
      }
      if (answered - asked < quickest) {
        quickest = answered - asked;
        ahead = WebEvent.parse(line).micros() - (asked + answered) / 2;
      }
    }
    return ahead;
  }

  /** When something happened, on the clock of the run. */
  public long micros(WebEvent event) {
    return event.micros() - clockAheadMicros;
  }

  /** From now on this listener hears of this client. */
  public void enter(int client, WebListener listener) {
    listeners.put(client, listener);
  }

  /** Nobody hears of this client any more. */
  public void leave(int client) {
    listeners.remove(client);
  }

  /** Gives a command, see {@code company.mjs}. */
  public void send(Map<String, Object> command) {
    try {
      write(command);
    } catch (IOException e) {
      throw died(e);
    }
  }

  private synchronized void write(Map<String, Object> command) throws IOException {
    commands.write(JSONObjectUtils.toJSONString(command) + "\n");
    commands.flush();
  }

  /** The process. */
  public long pid() {
    return process.pid();
  }

  /**
   * Checks that it lives.
   *
   * @throws IllegalStateException if not
   */
  public void check() {
    Exception why = failure;
    if (why != null) {
      throw died(why);
    }
  }

  private IllegalStateException died(Exception why) {
    return new IllegalStateException(
        "the web sessions cannot go on: " + why.getMessage() + "; log: " + venue.log(), why);
  }

  private void listen() {
    try {
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        WebEvent event = WebEvent.parse(line);
        WebListener listener = listeners.get(event.client());
        if (listener != null) {
          listener.hear(event);
        }
      }
      throw new IOException("their process has ended");
    } catch (IOException | RuntimeException e) {
      if (!closing) {
        failure = e;
      }
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    closing = true;
    try {
      commands.close(); // it ends when there are no more commands
    } catch (IOException e) {
      // It has ended.
    }
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
