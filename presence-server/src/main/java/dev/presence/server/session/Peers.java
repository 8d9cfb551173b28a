package dev.presence.server.session;

import dev.presence.server.session.SessionCall.Reception;
import java.util.concurrent.CompletionStage;

/** The way to other servers, past all stores. Callable from any thread; nothing blocks. */
public interface Peers {

  /**
   * Hands a call to the server that holds its session. The server takes it or not, but does not
   * pass it on. Never fails: who does not answer is {@link Reception#UNREACHABLE}.
   *
   * @param address of the other server's internal port, {@code host:port}
   */
  CompletionStage<Reception> tell(String address, SessionCall call);
}
