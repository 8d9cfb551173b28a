package dev.presence.client.cli;

import dev.presence.client.ConnectionState;
import dev.presence.client.OfflineReason;
import dev.presence.client.Presence;
import dev.presence.client.PresenceListener;
import dev.presence.client.SessionInfo;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Passes events on, and lets a thread wait for the first hello and for the end. */
final class Watch implements PresenceListener {
  private final PresenceListener next;
  private final CompletableFuture<SessionInfo> hello = new CompletableFuture<>();
  private final CompletableFuture<ConnectionState> ended = new CompletableFuture<>();

  Watch(PresenceListener next) {
    this.next = next;
  }

  /** Waits for the first hello, or the end; false if the time passed before. */
  boolean awaitHello(long limitSeconds) {
    return await(CompletableFuture.anyOf(hello, ended), limitSeconds);
  }

  /** Waits for the end; false if the time passed before. */
  boolean awaitEnd(long limitSeconds) {
    return await(ended, limitSeconds);
  }

  private static boolean await(CompletableFuture<?> event, long limitSeconds) {
    try {
      Object unused = event.copy().orTimeout(limitSeconds, TimeUnit.SECONDS).join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        return false;
      }
      throw e;
    }
  }

  /** Complains if the session ended other than by a sign-out. */
  void requireNoFailure() {
    ConnectionState state = ended.getNow(null);
    if (state == null || state.reason().isEmpty()) {
      return;
    }
    OfflineReason reason = state.reason().get();
    switch (reason) {
      case SIGNED_OUT, LEFT -> {}
      case UNAUTHENTICATED -> throw new CliException("the token was refused: " + state.detail());
      default -> throw new CliException("the session ended: " + reason + ", " + state.detail());
    }
  }

  @Override
  public void onHello(SessionInfo info) {
    next.onHello(info);
    boolean unused = hello.complete(info);
  }

  @Override
  public void onState(ConnectionState state) {
    next.onState(state);
    if (state.phase() == ConnectionState.Phase.OFFLINE) {
      boolean unused = ended.complete(state);
    }
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    next.onSnapshot(contacts);
  }

  @Override
  public void onChange(Presence contact) {
    next.onChange(contact);
  }
}
