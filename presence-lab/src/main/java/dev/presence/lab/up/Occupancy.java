package dev.presence.lab.up;

import dev.presence.lab.Home;
import dev.presence.lab.store.Leftovers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * One {@code up} at a time lives in a directory. The system ends the lock with the process, so that
 * none is left behind, however it dies.
 */
final class Occupancy implements AutoCloseable {

  private static final String LOG = "up.log";

  private final FileChannel lock;

  private Occupancy(FileChannel lock) {
    this.lock = lock;
  }

  /**
   * Moves in.
   *
   * @throws IllegalStateException with one line for the user, if somebody lives there
   */
  static Occupancy of(Home home) throws IOException {
    Files.createDirectories(home.directory());
    FileChannel channel =
        FileChannel.open(
            home.directory().resolve("up.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new Occupancy(channel);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IllegalStateException(
        "\"up\" is running already, with files in "
            + home.directory()
            + "; end it, or give this one a place of its own by PRESENCE_HOME and"
            + " PRESENCE_PORT_BASE");
  }

  /** Where the launcher writes its own log. */
  static Path log(Home home) {
    return home.run().resolve(LOG);
  }

  /** Throws out what the last run left. Our own log is open already: it begins anew. */
  void clear(Home home) throws IOException {
    if (!Files.exists(home.run())) {
      return;
    }
    try (Stream<Path> left = Files.list(home.run())) {
      for (Path path : left.toList()) {
        if (path.equals(log(home))) {
          Files.write(path, new byte[0]);
        } else {
          Leftovers.delete(path);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
