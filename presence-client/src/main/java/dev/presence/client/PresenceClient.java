package dev.presence.client;

import static java.util.Objects.requireNonNull;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A user's way to the presence servers: live sessions, and questions asked once. Safe for use by
 * many threads; cheap, so that one process may hold thousands. It owns no connection: the channel
 * is the app's, and needs no closing here.
 *
 * <p>The futures of the asking calls complete on the callback executor, exceptionally with a {@link
 * PresenceException}: with status {@code UNAUTHENTICATED} when the token is refused twice, {@code
 * DEADLINE_EXCEEDED} after 5 s, {@code UNAVAILABLE} when there is no server.
 */
public final class PresenceClient {
  private final Loop loop;
  private final Executor callbackExecutor;
  private final GrpcTransport transport;
  private final Tokens tokens;
  private final ClientIdentity identity;
  private final Lookups lookups;

  private PresenceClient(Builder builder, TokenSource tokenSource) {
    loop = SharedLoop.INSTANCE;
    callbackExecutor =
        builder.callbackExecutor == null ? DefaultCallbacks.EXECUTOR : builder.callbackExecutor;
    transport = new GrpcTransport(builder.channel, builder.underlying, loop);
    tokens = new Tokens(loop, callbackExecutor, tokenSource);
    identity = new ClientIdentity(builder.device, builder.clientVersion);
    lookups = new Lookups(new UnaryCalls(builder.channel, loop, tokens, this::complete));
  }

  /** Whoever waits for a future is not to wait for ever because the app shut its executor down. */
  private void complete(Runnable completion) {
    try {
      callbackExecutor.execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run();
    }
  }

  /**
   * Begins a client on a channel of the app's. Its connect backoff is reset before each try, since
   * it would eat up the grace period; {@link PresenceChannels} makes channels over several servers.
   */
  public static Builder builder(ManagedChannel channel) {
    return new Builder(channel, channel);
  }

  /**
   * Begins a client on any channel, such as one with interceptors around it. Its connect backoff
   * cannot be reached from here: name the channel below to {@link Builder#underlyingChannel}, if
   * there is one.
   */
  public static Builder builder(Channel channel) {
    return channel instanceof ManagedChannel managed
        ? builder(managed)
        : new Builder(channel, null);
  }

  /**
   * Opens a session, and keeps it until it is signed out or closed.
   *
   * @param listener hears of it, from now on
   */
  public PresenceSession connect(PresenceListener listener) {
    SessionMachine machine =
        new SessionMachine(
            loop,
            new SplittableRandom(),
            transport,
            tokens,
            identity,
            new CallbackQueue(callbackExecutor, requireNonNull(listener, "listener")));
    loop.execute(machine::connect);
    return new PresenceSession(loop, machine, this::complete);
  }

  /**
   * Asks for one user. Fails with {@code NOT_FOUND}, reason {@code USER_NOT_FOUND}, only for a
   * service that may see everybody; to a user, the unknown and the hidden are offline.
   */
  public CompletableFuture<Presence> getPresence(String userId) {
    return lookups.getPresence(userId);
  }

  /**
   * Asks for any number of users, 1,000 a call.
   *
   * @return by user id, in the order asked for; without those of whom a service was told that there
   *     is no such user
   */
  public CompletableFuture<Map<String, Presence>> getPresences(List<String> userIds) {
    return lookups.getPresences(userIds);
  }

  /**
   * All contacts of the user, with their names: online first by name, then offline by last seen,
   * newest first.
   */
  public CompletableFuture<List<Contact>> listContacts() {
    return lookups.listContacts();
  }

  /** Gathers what a client needs. Only {@link #tokens} has no default. */
  @SuppressWarnings("CanIgnoreReturnValueSuggester") // would cost those who embed us a dependency
  public static final class Builder {
    private final Channel channel;
    private @Nullable ManagedChannel underlying;
    private @Nullable TokenSource tokens;
    private String device = "java";
    private String clientVersion = "";
    private @Nullable Executor callbackExecutor;

    private Builder(Channel channel, @Nullable ManagedChannel underlying) {
      this.channel = requireNonNull(channel, "channel");
      this.underlying = underlying;
    }

    /** Where the user's tokens come from. A constant will do, for as long as it is valid. */
    public Builder tokens(TokenSource source) {
      tokens = requireNonNull(source, "source");
      return this;
    }

    /** The kind of device, 1 to 32 characters of {@code [a-z0-9._-]}; {@code java} unless set. */
    public Builder device(String kind) {
      if (!kind.matches("[a-z0-9._-]{1,32}")) {
        throw new IllegalArgumentException(
            "device must be 1 to 32 characters of [a-z0-9._-], found '" + kind + "'");
      }
      device = kind;
      return this;
    }

    /** The app's version, for support: at most 64 characters; empty unless set. */
    public Builder clientVersion(String version) {
      if (version.length() > 64) {
        throw new IllegalArgumentException(
            "clientVersion must have at most 64 characters, found " + version.length());
      }
      clientVersion = version;
      return this;
    }

    /**
     * Where listeners are called and tokens asked for; a few daemon threads of the library's own
     * unless set. With an executor that runs tasks in place, they must not block: all sessions of
     * the process would stand still.
     */
    public Builder callbackExecutor(Executor executor) {
      callbackExecutor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * The channel that carries this client's calls in the end: its connect backoff is reset before
     * each try, and once it is shut down the library tries no more.
     */
    public Builder underlyingChannel(ManagedChannel channelBelow) {
      underlying = requireNonNull(channelBelow, "channelBelow");
      return this;
    }

    /** Makes the client. No connection is opened yet. */
    public PresenceClient build() {
      if (tokens == null) {
        throw new IllegalStateException("tokens must be set: the servers accept no call without");
      }
      return new PresenceClient(this, tokens);
    }
  }
}
