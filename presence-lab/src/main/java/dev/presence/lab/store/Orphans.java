package dev.presence.lab.store;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that no child outlives this process, even if it is killed with -9: a small shell waits
 * at the end of a pipe, and kills the children it was told of when the pipe closes without a
 * goodbye. Thread-safe.
 */
public final class Orphans implements AutoCloseable {

  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      pids=
      while read -r line; do
        case "$line" in
          bye) exit 0 ;;
          *) pids="$pids $line" ;;
        esac
      done
      [ -z "$pids" ] || kill -9 $pids 2>/dev/null
      """;

  private final Process watcher;
  private final BufferedWriter pipe;

  /** Starts the watcher. */
  public Orphans() {
    try {
      watcher =
          new ProcessBuilder(Detached.command("sh", "-c", SCRIPT))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a shell", e);
    }
    pipe = watcher.outputWriter(StandardCharsets.US_ASCII);
  }

  /** Watches over a child. */
  public synchronized void watch(long pid) {
    try {
      pipe.write(pid + "\n");
      pipe.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the watcher of the children has died", e);
    }
  }

  /** All children have been stopped. */
  @Override
  public synchronized void close() {
    try (pipe) {
      pipe.write("bye\n");
      pipe.flush();
      if (!watcher.waitFor(2, TimeUnit.SECONDS)) {
        watcher.destroyForcibly();
      }
    } catch (IOException e) {
      watcher.destroyForcibly();
    } catch (InterruptedException e) {
      watcher.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
