package dev.presence.server;

import dev.presence.server.config.InternalConfig;
import dev.presence.server.peer.PeerChannels;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Orders a server to leave, by its port for other servers, and waits until that port is closed:
 * {@code presence-server --drain}.
 */
final class DrainOrder {

  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private DrainOrder() {}

  /**
   * Gives the order to the server that this configuration describes. Exit status: 0 when its port
   * has closed, 1 if it cannot be reached.
   */
  static int give(InternalConfig server, boolean hurry, PrintStream out, PrintStream err) {
    try (PeerChannels channels = new PeerChannels(server)) {
      OptionalInt streams = channels.drain(server.address(), hurry).join();
      if (streams.isEmpty()) {
        err.println("presence-server: no server takes orders at " + server.address());
        return 1;
      }
      out.println(server.address() + " leaves; streams: " + streams.getAsInt());
      while (streams.isPresent()) {
        LockSupport.parkNanos(AGAIN_NANOS);
        streams = channels.drain(server.address(), false).join();
      }
      out.println(server.address() + " has closed its doors");
      return 0;
    } catch (IOException e) {
      err.println("presence-server: " + e.getMessage());
      return 1;
    }
  }
}
