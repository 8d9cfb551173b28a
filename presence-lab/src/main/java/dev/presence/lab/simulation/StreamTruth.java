package dev.presence.lab.simulation;

import dev.presence.server.model.Activity;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.SessionId;
import org.jspecify.annotations.Nullable;

/** What really happened to one stream, by the run's clock; -1 where it has not. */
final class StreamTruth {

  private static final long TIMEOUT_MILLIS = 20_000;
  private static final long TELLING_MILLIS = 1_500;
  private static final long ON_ITS_WAY_MILLIS = 100;
  private static final long HIDDEN_TIMEOUT_MILLIS = 75_000;

  final Device device;
  final @Nullable SimulatedNode node;
  final String askedFor;
  final int attempt;

  /** The session it carries; empty before hello. */
  String session = "";

  long openedMillis = -1;
  long greetedMillis = -1;
  long lastReachedMillis = -1;

  /** The same by the shared clock, as its server knew it: when that read it. */
  long lastSignOfLifeMillis = -1;

  /**
   * The same, but when it came to the socket: a server that was paused reads late, and meanwhile
   * another may have heard the client, and have written of it.
   */
  long lastSignCameMillis = -1;

  /** Hello was said while its server did not reach Redis: nobody else knows of it. */
  boolean greetedOutOfReach;

  /** When the server learned that it is over, or decided so. */
  long endedMillis = -1;

  long signOutMillis = -1;

  /** Which server took the sign-out: a page's may land on one that does not carry its stream. */
  @Nullable SimulatedNode signOutNode;

  @Nullable CloseReason closed;
  boolean hidden;
  boolean page;
  Activity activity = Activity.ACTIVE;
  long changedMillis;

  StreamTruth(Device device, @Nullable SimulatedNode node, String askedFor, int attempt) {
    this.device = device;
    this.node = node;
    this.askedFor = askedFor;
    this.attempt = attempt;
  }

  void opened(
      long nowMillis, long waitedMillis, Activity openedAs, boolean openedHidden, boolean isPage) {
    openedMillis = nowMillis;
    lastReachedMillis = nowMillis;
    read(waitedMillis);
    activity = openedAs;
    hidden = openedHidden;
    page = isPage;
    changedMillis = nowMillis;
  }

  /**
   * A sign of life has reached its server.
   *
   * @param waitedMillis for how long it lay in the socket
   */
  void reached(long nowMillis, long waitedMillis) {
    if (endedMillis < 0) {
      taken(nowMillis, waitedMillis);
    }
  }

  /** The same, and its server says that it counts. */
  void taken(long nowMillis, long waitedMillis) {
    read(waitedMillis); // late ones too: a paused server reads them all
    // Whoever was given up needs another hello.
    if (endedMillis < 0 && nowMillis <= lastReachedMillis + timeoutMillis()) {
      lastReachedMillis = nowMillis;
    }
  }

  private void read(long waitedMillis) {
    if (node != null) {
      lastSignOfLifeMillis = node.sharedMillis();
      lastSignCameMillis = lastSignOfLifeMillis - waitedMillis;
    }
  }

  void activity(Activity now, long nowMillis) {
    if (activity != now) {
      activity = now;
      changedMillis = nowMillis;
    }
  }

  void hidden(boolean now, long nowMillis) {
    if (hidden != now) {
      hidden = now;
      changedMillis = nowMillis;
    }
  }

  void lost(long nowMillis) {
    if (endedMillis < 0) {
      endedMillis = nowMillis;
    }
  }

  void endedByServer(long nowMillis, CloseReason reason) {
    closed = reason;
    lost(nowMillis);
  }

  void signOutReached(long nowMillis, @Nullable SimulatedNode at, long waitedMillis) {
    if (signOutMillis < 0) {
      signOutMillis = nowMillis;
      signOutNode = signOutNode == null ? at : signOutNode;
      lastReachedMillis = nowMillis; // the last one, though the stream may be closed by it already
      read(waitedMillis);
    }
  }

  /** Whether this may be the session that it carries, as far as is known. */
  boolean mayCarry(@Nullable SessionId id) {
    return session.isEmpty() || (id != null && session.equals(id.toString()));
  }

  /** Who signed out of the session that was asked for, has not signed out of this one. */
  void carriesAnother() {
    signOutMillis = -1;
    signOutNode = null;
  }

  long timeoutMillis() {
    return hidden ? HIDDEN_TIMEOUT_MILLIS : TIMEOUT_MILLIS;
  }

  /** Whether it was over only after the heartbeat timeout, of a page that is shown at least. */
  boolean wasSilent() {
    return endedMillis - lastReachedMillis >= TIMEOUT_MILLIS - ON_ITS_WAY_MILLIS;
  }

  /** When it was over, or is to be taken for so, by what has reached its server. */
  long endedOrSilentMillis() {
    return endedMillis >= 0 ? endedMillis : lastReachedMillis + timeoutMillis();
  }

  /** Whether its server stopped before it could tell others of it. */
  boolean isUntold() {
    SimulatedNode here = node;
    return greetedOutOfReach
        && here != null
        && !here.process().runs()
        && (here.redis().isCutOff()
            || here.stoppedAtMillis() < here.redis().reachableSinceMillis() + TELLING_MILLIS);
  }

  /**
   * Whether the server that knew of its end had gone by then, or was out of contact when it did.
   */
  boolean stoppedBefore(long millis) {
    SimulatedNode here = signOutNode == null ? node : signOutNode;
    return here != null
        && here.isDead()
        && (here.endedAtMillis() <= millis || here.redis().isCutOff());
  }

  /** What it contributes to the user's presence. */
  Activity shown() {
    return hidden ? Activity.AWAY : activity;
  }
}
