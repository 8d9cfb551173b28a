package dev.presence.client;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One device's session: online until {@link #signOut()} or {@link #close()}, over any number of
 * connections. Made by {@link PresenceClient#connect}; safe for use by many threads, and no method
 * waits for the network.
 */
public final class PresenceSession implements AutoCloseable {
  private final Loop loop;
  private final SessionMachine machine;
  private final Executor completions;

  PresenceSession(Loop loop, SessionMachine machine, Executor completions) {
    this.loop = loop;
    this.machine = machine;
    this.completions = completions;
  }

  /**
   * Says whether somebody is at this device. What is set while not connected is sent as soon as the
   * session is live again. A new session begins as {@link Activity#ACTIVE}.
   */
  public void setActivity(Activity activity) {
    loop.execute(() -> machine.setStatus(activity, null));
  }

  /** Sets the user's own wish, on all devices; like {@link #setActivity} at any time. */
  public void setAvailability(Availability availability) {
    loop.execute(() -> machine.setStatus(null, availability));
  }

  /** Sets both at once, so that others see one change. */
  public void setStatus(Activity activity, Availability availability) {
    loop.execute(() -> machine.setStatus(activity, availability));
  }

  /**
   * Leaves: others see the user offline at once, unless another device is connected. While not
   * connected, this tries to connect for up to 10 s only to say so; after that, or if no session
   * had begun, the session just ends as with {@link #close()}.
   *
   * @return completes within about 10 s, never exceptionally: true when a server confirmed, false
   *     when none did, so that others learn it only when the grace period is over
   */
  public CompletableFuture<Boolean> signOut() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          CompletableFuture<Void> unused =
              machine.signOut().thenAcceptAsync(answer::complete, completions);
        });
    return answer;
  }

  /**
   * Ends the connection without signing out: others see the user offline only when the grace period
   * is over. For an app that is about to restart. Harmless when the session is over already.
   */
  @Override
  public void close() {
    loop.execute(machine::leave);
  }

  /** How the session stands now; may be ahead of what the listener has been told. */
  public ConnectionState state() {
    return machine.standing().state();
  }

  /** What the newest hello said; empty before the first. */
  public Optional<SessionInfo> info() {
    return Optional.ofNullable(machine.standing().info());
  }

  /** The session's id; empty before the first hello. For support and logs. */
  public Optional<String> sessionId() {
    return info().map(SessionInfo::sessionId);
  }

  /**
   * The servers' clock, which last seen times go by, so that "5 min ago" is right on a device with
   * a wrong clock. Before the first hello it is this device's clock.
   */
  public Instant serverNow() {
    return machine.standing().serverNow(Instant.now());
  }
}
