package dev.presence.client;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.v1.Drain;
import dev.presence.v1.Hello;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerState;
import dev.presence.v1.Snapshot;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides all that happens to one session: which stream carries it, when to open the next one, what
 * the app is told. Lives on a loop, knows time only from it, and does no I/O: a test drives it with
 * a clock of its own.
 *
 * <p>At most two streams exist. {@code current} carries the session, or is about to; {@code
 * successor} is the one that takes over when a draining server asked us to move, and has not been
 * answered yet.
 */
final class SessionMachine implements LiveStream.Owner {
  static final long HELLO_TIMEOUT_MILLIS = 3_000;
  static final long HELLO_TIMEOUT_WITHIN_GRACE_MILLIS = 1_500;
  static final long SIGN_OUT_LIMIT_MILLIS = 10_000;
  static final long LAST_SEEN_PATIENCE_MILLIS = 1_000;
  static final long USUAL_GRACE_MILLIS = 10_000;

  private final Loop loop;
  private final RandomGenerator random;
  private final StreamTransport transport;
  private final TokenUse token;
  private final ClientIdentity identity;
  private final Standing standing;
  private final ReconnectPolicy policy;
  private final ContactView view;
  private final StatusWish wish;
  private final CompletableFuture<Boolean> signedOut = new CompletableFuture<>();

  private String sessionId = "";
  private int attempt; // how many times Open was sent for this session
  private long graceEndsMillis = Long.MIN_VALUE; // of the stream that was lost last
  private @Nullable LiveStream current;
  private @Nullable LiveStream successor;
  private @Nullable SocketAddress avoid;
  private Loop.@Nullable Timer retryTimer;
  private boolean signingOut;
  private boolean stopped;

  SessionMachine(
      Loop loop,
      RandomGenerator random,
      StreamTransport transport,
      TokenPort tokens,
      ClientIdentity identity,
      PresenceListener listener) {
    this.loop = loop;
    this.random = random;
    this.transport = transport;
    this.token = new TokenUse(tokens);
    this.identity = identity;
    this.standing = new Standing(loop, listener);
    this.wish = new StatusWish(loop, standing);
    this.policy = new ReconnectPolicy(random);
    this.view = new ContactView(listener);
  }

  // --- What the app asks for, on the loop ----------------------------------------------------

  void connect() {
    standing.begin();
    policy.connecting(loop.nowMillis());
    tryToOpen();
  }

  void setStatus(@Nullable Activity activity, @Nullable Availability availability) {
    wish.set(activity, availability);
    if (current != null && current.isLive() && !signingOut) {
      wish.send(current, activity, availability);
    }
  }

  /** Leaves for good; true once a server has confirmed it, false when none did in time. */
  CompletableFuture<Boolean> signOut() {
    if (!signingOut && !stopped) {
      signingOut = true;
      Loop.Timer unused =
          loop.schedule(
              SIGN_OUT_LIMIT_MILLIS, () -> stop(OfflineReason.SIGNED_OUT, "without an answer"));
      if (current != null) {
        current.signOut();
        if (successor != null) {
          successor.signOut(); // the old stream may end before its server has heard it
        }
      } else if (sessionId.isEmpty()) {
        stop(OfflineReason.SIGNED_OUT, "before a session began");
      } else {
        retry(0); // only to say good-bye
      }
    }
    return signedOut;
  }

  void leave() {
    stop(OfflineReason.LEFT, "");
  }

  /** How the session stands; to be read from any thread. */
  Standing standing() {
    return standing;
  }

  // --- Opening ---------------------------------------------------------------------------------

  private void tryToOpen() {
    retryTimer = null;
    token.request(this::open, this::onNoToken);
  }

  private void onNoToken(String why) {
    if (!stopped) {
      policy.trying(loop.nowMillis());
      decide(null, Ending.noToken("no token: " + why));
    }
  }

  private void open(String withToken) {
    if (stopped) {
      return;
    }
    attempt = sessionId.isEmpty() ? 1 : attempt + 1;
    LiveStream stream = new LiveStream(loop, this, attempt, wish.activity());
    boolean moving = current != null;
    boolean withinGrace = !moving && loop.nowMillis() < graceEndsMillis;
    if (moving) {
      successor = stream;
    } else {
      current = stream;
    }
    policy.trying(loop.nowMillis());
    stream.open(
        transport,
        withToken,
        avoid,
        identity.open(sessionId, attempt, wish.activity()),
        withinGrace ? HELLO_TIMEOUT_WITHIN_GRACE_MILLIS : HELLO_TIMEOUT_MILLIS);
    if (signingOut) {
      stream.signOut();
    }
  }

  // --- What streams tell -----------------------------------------------------------------------

  @Override
  public void onHello(LiveStream stream, Hello hello) {
    if (stream == successor) {
      if (current != null) {
        policy.over(current.livedMillis());
        current.abandon("moved to another server");
      }
      current = stream;
      successor = null;
    }
    boolean resumed = hello.getResumed() && hello.getSessionId().equals(sessionId);
    // A new session in place of one that was asked for begins at the attempt that asked.
    sessionId = hello.getSessionId();
    token.accepted();
    policy.answered();
    avoid = null;
    view.begin();
    Availability availability = wish.availabilityOr(Availability.of(hello.getAvailability()));
    LastHello heard = LastHello.of(hello, resumed, availability, loop.nowMillis());
    standing.heard(heard);
    if (!signingOut) {
      standing.become(ConnectionState.of(Phase.LIVE, ""));
      wish.onHello(stream);
    }
  }

  @Override
  public void onMessage(LiveStream stream, ServerMessage message) {
    if (stream != current) {
      return;
    }
    switch (message.getKindCase()) {
      case SNAPSHOT -> snapshot(stream, message.getSnapshot());
      case CHANGES -> view.apply(message.getChanges().getPresencesList());
      case HEARTBEAT_ACK -> wish.onAck(stream, message.getHeartbeatAck().getSequence());
      case SERVER_STATE -> serverState(message.getServerState());
      case DRAIN -> drain(stream, message.getDrain());
      default -> {} // of a later release
    }
  }

  private void snapshot(LiveStream stream, Snapshot part) {
    view.snapshot(part);
    if (part.getComplete() && !view.isSettled()) {
      Loop.Timer unused =
          loop.schedule(
              LAST_SEEN_PATIENCE_MILLIS,
              () -> {
                if (stream == current) {
                  view.settle();
                }
              });
    }
  }

  private void serverState(ServerState told) {
    if (!signingOut) {
      standing.become(ConnectionState.of(told.getStale() ? Phase.STALE : Phase.LIVE, ""));
    }
  }

  /** Moves to another server at some moment within the given time, while this stream goes on. */
  private void drain(LiveStream stream, Drain drain) {
    if (retryTimer == null && successor == null && !signingOut) {
      avoid = stream.peer();
      retry(random.nextLong(WireTime.millis(drain.getReconnectWithin()) + 1));
    }
  }

  @Override
  public void onEnded(LiveStream stream, Ending ending) {
    if (stream == successor) {
      successor = null;
      decide(stream, ending);
    } else if (stream == current) {
      if (stream.hadHello()) {
        graceEndsMillis = loop.nowMillis() + standing.graceMillis();
        policy.over(stream.livedMillis());
      }
      current = successor;
      successor = null;
      if (current == null) {
        decide(stream, ending);
      } else if (ending.next() == Ending.Next.STOP) {
        stop(ending);
      } else if (ending.next() != Ending.Next.REPLACED) {
        standing.become(ConnectionState.of(Phase.CONNECTING, ending.detail()));
      }
      // Replaced: by our own newer Open, which is being answered just now.
    }
  }

  private void decide(@Nullable LiveStream stream, Ending ending) {
    boolean wasLive = stream != null && stream.hadHello();
    boolean giveUp =
        switch (ending.next()) {
          case STOP -> true;
          // By an Open of ours, if there is a newer one, or if this one was never answered.
          case REPLACED -> wasLive && stream != null && stream.attempt() == attempt;
          case NEW_TOKEN -> !token.mayAskAgain();
          case RECONNECT -> false;
        };
    if (giveUp) {
      stop(ending);
    } else if (signingOut && sessionId.isEmpty()) {
      stop(OfflineReason.SIGNED_OUT, ending.detail());
    } else {
      if (ending.elsewhere() && stream != null && stream.peer() != null) {
        avoid = stream.peer();
      }
      if (current == null && !signingOut) {
        standing.become(ConnectionState.of(Phase.CONNECTING, ending.detail()));
      }
      retry(Math.max(usualDelayMillis(stream, ending, wasLive), ending.waitMillis()));
    }
  }

  private long usualDelayMillis(@Nullable LiveStream stream, Ending ending, boolean wasLive) {
    if (ending.next() == Ending.Next.NEW_TOKEN) {
      return 0; // nobody else waits for this token, so there is no crowd to avoid
    }
    return wasLive && stream != null
        ? policy.afterLoss(loop.nowMillis(), stream.livedMillis())
        : policy.afterFailure(loop.nowMillis());
  }

  private void retry(long delayMillis) {
    if (token.isAwaiting()) {
      return; // a try is on its way, and will carry whatever is lost by now
    }
    if (retryTimer != null) {
      retryTimer.cancel();
    }
    retryTimer = loop.schedule(delayMillis, this::tryToOpen);
  }

  // --- The end ---------------------------------------------------------------------------------

  private void stop(Ending ending) {
    stop(ending.reason(), ending.detail(), ending.reason() == OfflineReason.SIGNED_OUT);
  }

  private void stop(OfflineReason reason, String detail) {
    stop(reason, detail, false);
  }

  private void stop(OfflineReason reason, String detail, boolean signOutConfirmed) {
    if (stopped) {
      return;
    }
    stopped = true;
    if (retryTimer != null) {
      retryTimer.cancel();
    }
    if (current != null) {
      current.abandon(reason.toString());
    }
    if (successor != null) {
      successor.abandon(reason.toString());
    }
    standing.become(ConnectionState.offline(reason, detail));
    signedOut.complete(signOutConfirmed);
  }
}
