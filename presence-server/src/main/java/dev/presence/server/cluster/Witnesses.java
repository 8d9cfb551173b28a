package dev.presence.server.cluster;

import java.util.concurrent.CompletionStage;

/** Other servers, asked past the store whether they reach it. */
@FunctionalInterface
public interface Witnesses {

  /**
   * Asks a server. Does not block, and never fails.
   *
   * @param address of the other server's internal port, {@code host:port}
   */
  CompletionStage<Testimony> reachesStore(String address);

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
