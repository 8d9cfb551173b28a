package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.model.NodeId;
import dev.presence.server.session.SessionCall.Reception;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings calls of clients without a stream up to the server that holds their session, wherever they
 * arrive. Who that is the replica knows, so Redis hears nothing of it. Thread-safe, and nothing
 * blocks.
 */
public final class CallRouter {

  /** Less than a client waits, together with the way to another server. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Sessions sessions;
  private final Cluster cluster;
  private final Peers peers;

  /** A router for the sessions of this server and, by {@code peers}, those of others. */
  public CallRouter(Sessions sessions, Cluster cluster, Peers peers) {
    this.sessions = sessions;
    this.cluster = cluster;
    this.peers = peers;
  }

  /**
   * Where a call is to be taken.
   *
   * @param reception what became of it, if that is known here; else null, and {@code owner} has it
   * @param unheard the session is so young that another server may have it, whose word of it has
   *     not come here yet
   */
  record Whereabouts(@Nullable Reception reception, @Nullable NodeId owner, boolean unheard) {

    static Whereabouts here(Reception reception) {
      return new Whereabouts(reception, null, false);
    }

    static Whereabouts at(NodeId owner) {
      return new Whereabouts(null, owner, false);
    }

    static Whereabouts nowhere(boolean unheard) {
      return new Whereabouts(Reception.NOT_FOUND, null, unheard);
    }
  }

  /** The shared time, Unix milliseconds. */
  public long nowMillis() {
    return sessions.nowMillis();
  }

  /** Takes a call here, or hands it on. Never fails. */
  public CompletionStage<Reception> call(SessionCall call) {
    return sessions
        .take(call)
        .thenCompose(found -> found.unheard() ? takeCaughtUp(call) : passOn(found, call));
  }

  /** Hello may be faster than the word to all servers; a sign-out then must not go nowhere. */
  private CompletionStage<Reception> takeCaughtUp(SessionCall call) {
    return cluster
        .caughtUp(PATIENCE)
        .thenCompose(
            caughtUp ->
                caughtUp
                    ? sessions.take(call).thenCompose(found -> passOn(found, call))
                    : done(Reception.UNREACHABLE));
  }

  private CompletionStage<Reception> passOn(Whereabouts found, SessionCall call) {
    NodeId owner = found.owner();
    return owner == null ? done(found.reception()) : handOn(owner, call);
  }

  /** Takes a call that another server has handed on: who is not here now has moved. */
  public CompletionStage<Reception> handedOn(SessionCall call) {
    return sessions.take(call).thenApply(found -> orUnreachable(found.reception()));
  }

  private CompletionStage<Reception> handOn(NodeId owner, SessionCall call) {
    return cluster
        .address(owner)
        .thenCompose(
            address -> address.isEmpty() ? done(Reception.UNREACHABLE) : peers.tell(address, call));
  }

  private static CompletionStage<Reception> done(@Nullable Reception reception) {
    return CompletableFuture.completedFuture(orUnreachable(reception));
  }

  private static Reception orUnreachable(@Nullable Reception reception) {
    return reception == null ? Reception.UNREACHABLE : reception;
  }
}
