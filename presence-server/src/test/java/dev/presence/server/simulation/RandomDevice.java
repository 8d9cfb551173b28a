package dev.presence.server.simulation;

import dev.presence.server.model.Activity;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Presence;
import dev.presence.server.model.SessionId;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A device of a random run: it behaves as a client library does. It comes back when its stream ends
 * or its server stops answering, until its user leaves.
 */
final class RandomDevice {

  private static final long HELLO_TIMEOUT_MILLIS = 3_000;
  private static final long CHECK_MILLIS = 100;
  private static final long HEARTBEAT_MILLIS = 8_000;
  private static final long REPLY_TIMEOUT_MILLIS = 4_000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  final String user;

  private final SimulatedWorld world;
  private final Random random;
  private final List<SimulatedServer> servers;

  private final BiConsumer<RandomDevice, @Nullable Presence> onTold;

  private @Nullable SimulatedStream stream;
  private @Nullable SessionId session;
  private int attempt;
  private Activity activity = Activity.ACTIVE;
  private boolean wanted;
  private long openedAt;
  private long nextHeartbeat;
  private long awaitedSince = NEVER;
  private long comeBackAt;

  /** Since when it has been live without a break; NEVER while it is not. */
  private long liveSince = NEVER;

  /** When it was last live and left without a word. */
  private long lostAt = NEVER;

  RandomDevice(
      SimulatedWorld world,
      List<SimulatedServer> servers,
      String user,
      Random random,
      BiConsumer<RandomDevice, @Nullable Presence> onTold) {
    this.onTold = onTold;
    this.world = world;
    this.servers = servers;
    this.user = user;
    this.random = random;
    check();
  }

  private void check() {
    step();
    var _ = world.loop().schedule(CHECK_MILLIS, this::check);
  }

  private void step() {
    long now = world.nowMillis();
    SimulatedStream current = stream;
    if (current == null) {
      if (wanted && now >= comeBackAt) {
        connect();
      }
      return;
    }
    if (current.greeted() && liveSince == NEVER && current.closed() == null) {
      session = current.session();
      if (!current.resumed()) {
        attempt = 1;
      }
      liveSince = now;
      current.updateStatus(activity, null);
      nextHeartbeat = now + HEARTBEAT_MILLIS;
    }
    if (current.closed() != null) {
      gone(now, 500);
    } else if (!current.greeted()) {
      if (now - openedAt > HELLO_TIMEOUT_MILLIS) {
        cut(500);
      }
    } else if (awaitedSince != NEVER && current.acknowledged()) {
      awaitedSince = NEVER;
    } else if (awaitedSince != NEVER && now - awaitedSince > REPLY_TIMEOUT_MILLIS) {
      cut(500);
    } else if (now >= nextHeartbeat) {
      nextHeartbeat = now + HEARTBEAT_MILLIS;
      awaitedSince = now;
      current.awaitAcknowledgement();
      current.heartbeat();
    }
  }

  private void connect() {
    List<SimulatedServer> open = servers.stream().filter(SimulatedServer::isServing).toList();
    if (open.isEmpty()) {
      return;
    }
    SimulatedServer server = open.get(random.nextInt(open.size()));
    openedAt = world.nowMillis();
    awaitedSince = NEVER;
    liveSince = NEVER;
    SessionId resume = session;
    attempt++;
    stream =
        resume == null
            ? server.open(user, activity)
            : server.resume(user, resume, attempt, activity);
    stream.onTold(
        (from, presence) -> {
          if (from == stream) {
            onTold.accept(this, presence);
          }
        });
  }

  private void gone(long now, int withinMillis) {
    SimulatedStream current = stream;
    if (current != null && current.closed() == CloseReason.NODE_LOST) {
      lostAt = NEVER;
    } else if (liveSince != NEVER) {
      lostAt = now;
    }
    liveSince = NEVER;
    stream = null;
    comeBackAt = now + random.nextInt(withinMillis);
  }

  /** Somebody uses the device. */
  void come() {
    wanted = true;
  }

  boolean isWanted() {
    return wanted;
  }

  /** The connection breaks, and the device comes back after a while. */
  void cut(int withinMillis) {
    SimulatedStream current = stream;
    if (current != null) {
      current.cut();
      gone(world.nowMillis(), withinMillis);
    }
  }

  /** It goes without a word, and its session with it. */
  void vanish() {
    cut(1);
    forget();
  }

  void signOut() {
    SimulatedStream current = stream;
    if (current != null && current.isAttached() && liveSince != NEVER) {
      current.signOut();
      stream = null;
      liveSince = NEVER;
      lostAt = NEVER;
      forget();
    }
  }

  private void forget() {
    wanted = false;
    session = null;
    attempt = 0;
  }

  void say(Activity now) {
    activity = now;
    SimulatedStream current = stream;
    if (current != null && liveSince != NEVER) {
      current.updateStatus(now, null);
    }
  }

  @Nullable SimulatedStream stream() {
    return stream;
  }

  Activity activity() {
    return activity;
  }

  boolean isLive() {
    return liveSince != NEVER;
  }

  /** Whether an offline of its user told now is false on account of this device. */
  boolean forbidsOffline(long now) {
    boolean live = liveSince != NEVER && now - liveSince >= 1_000;
    return live || (lostAt != NEVER && now - lostAt < 9_900);
  }

  /** Whether it has been live for so long. */
  boolean isLiveFor(long millis) {
    return liveSince != NEVER && world.nowMillis() - liveSince >= millis;
  }

  @Override
  public String toString() {
    return user + " " + session + " attempt " + attempt + (isLive() ? " live" : " not live");
  }
}
