package dev.presence.client;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.ServerMessage;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Port: opens streams to servers. Called on the session's loop, and calls back on it. Public for
 * {@link ClientMachine}.
 */
public interface StreamTransport {

  /**
   * Opens a stream to some server. Never fails at once: what goes wrong is told as the stream's
   * end, later.
   *
   * @param avoid a server to be avoided if there is another one
   */
  Stream open(String token, @Nullable SocketAddress avoid, Events events);

  /** An open stream. After {@link Events#onEnd} and after a cancel, all calls are ignored. */
  interface Stream {
    /** Queues a message to the server. */
    void send(ClientMessage message);

    /** Says that no message follows. */
    void halfClose();

    /** Ends the stream at once. No event follows. */
    void cancel(String why);

    /** The server at the other end, when known. */
    @Nullable SocketAddress peer();
  }

  /** What happens to a stream. */
  interface Events {
    /** A message from the server. */
    void onMessage(ServerMessage message);

    /** The stream ended, without our doing; nothing follows. */
    void onEnd(StatusDetails status);
  }
}
