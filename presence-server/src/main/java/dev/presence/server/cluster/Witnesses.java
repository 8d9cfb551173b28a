package dev.presence.server.cluster;

import java.util.concurrent.CompletionStage;

/** Other servers, asked past the store whether they reach it. */
@FunctionalInterface
public interface Witnesses {

  /**
   * Asks a server, and tells it where the asker can be asked. Does not block, and never fails.
   *
   * @param address of the other server's internal port, {@code host:port}
   * @param alone the asker takes clients in without the store, of whom nobody else knows
   */
  CompletionStage<Testimony> reachesStore(String address, boolean alone);

  /** What a server says of the store. */
  enum Testimony {
    /** It has had an answer just now. */
    REACHED,
    /** It has had none. */
    AWAY,
    /** The server itself did not answer. */
    SILENT
  }
}
