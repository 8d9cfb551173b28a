package dev.presence.client;

import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One session of the library without threads and without gRPC: for simulations, and for those who
 * embed it with a transport of their own. Apps use {@link PresenceClient}.
 *
 * <p>All methods are to be called on the given loop, on which the listener is called too.
 */
public final class ClientMachine {
  private final SessionMachine machine;

  /**
   * Makes a session that has not begun.
   *
   * @param loop its thread and its clock
   * @param random spreads the attempts to connect
   * @param transport opens its streams
   * @param tokens must not block; an exception counts as a failed try
   * @param device the kind of device, 1 to 32 characters of {@code [a-z0-9._-]}
   * @param listener hears of it, in place
   */
  public ClientMachine(
      Loop loop,
      RandomGenerator random,
      StreamTransport transport,
      TokenSource tokens,
      String device,
      PresenceListener listener) {
    machine =
        new SessionMachine(
            loop,
            random,
            transport,
            new Tokens(loop, Runnable::run, tokens),
            new ClientIdentity(device, ""),
            listener);
  }

  /** Begins. */
  public void connect() {
    machine.connect();
  }

  /** Sets what is not null. */
  public void setStatus(@Nullable Activity activity, @Nullable Availability availability) {
    machine.setStatus(activity, availability);
  }

  /** Leaves, see {@link PresenceSession#signOut()}. Completes on the loop. */
  public CompletableFuture<Boolean> signOut() {
    return machine.signOut();
  }

  /** Ends without a word, see {@link PresenceSession#close()}. */
  public void leave() {
    machine.leave();
  }

  /** How the session stands. */
  public ConnectionState state() {
    return machine.standing().state();
  }

  /** What the last hello said; null before the first. */
  public @Nullable SessionInfo session() {
    return machine.standing().info();
  }
}
