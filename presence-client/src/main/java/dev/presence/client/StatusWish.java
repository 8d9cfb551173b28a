package dev.presence.client;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.UpdateStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the app wants its status to be, and how much of it may not have reached a server yet.
 *
 * <p>The activity travels in each {@code Open}, so only a change after that is sent. The wish to be
 * busy or available is kept by the servers, and set by the user's other devices as well: it is sent
 * until a heartbeat that followed it was answered. A server that took it may have been cut off from
 * the others, so each stream of the next minutes is told again; a newer wish stands against that.
 */
final class StatusWish {
  private static final long MAX_AGE_MILLIS = 86_400_000;

  /** By then what a server has heard is known to all, or written. */
  private static final long TOLD_AGAIN_MILLIS = 300_000;

  private final Loop loop;
  private final Standing standing;
  private Activity activity = Activity.ACTIVE;
  private @Nullable Availability unconfirmed;
  private @Nullable Availability newest;
  private @Nullable LiveStream sentOn;
  private long sentAfterSequence;
  private long madeAtMillis;

  StatusWish(Loop loop, Standing standing) {
    this.loop = loop;
    this.standing = standing;
  }

  Activity activity() {
    return activity;
  }

  /** Ours, if it may be unknown to the server; else the server's. */
  Availability availabilityOr(Availability stored) {
    return unconfirmed == null ? stored : unconfirmed;
  }

  void set(@Nullable Activity newActivity, @Nullable Availability newAvailability) {
    if (newActivity != null) {
      activity = newActivity;
    }
    if (newAvailability != null) {
      unconfirmed = newAvailability;
      newest = newAvailability;
      madeAtMillis = loop.nowMillis();
      sentOn = null;
    }
  }

  /** Catches up with what was set since this stream's {@code Open}, or never arrived. */
  void onHello(LiveStream stream) {
    boolean changed = activity != stream.openedAs();
    boolean again = loop.nowMillis() - madeAtMillis < TOLD_AGAIN_MILLIS;
    Availability told = again ? newest : unconfirmed;
    if (changed || told != null) {
      send(stream, changed ? activity : null, told);
    }
  }

  void send(
      LiveStream stream, @Nullable Activity newActivity, @Nullable Availability newAvailability) {
    UpdateStatus.Builder update = UpdateStatus.newBuilder();
    if (newActivity != null) {
      update.setActivity(newActivity.wire());
    }
    if (newAvailability != null) {
      // Sent again later, it must not override a newer wish of the user's other devices.
      long ageMillis = Math.min(MAX_AGE_MILLIS, loop.nowMillis() - madeAtMillis);
      update
          .setAvailability(newAvailability.wire())
          .setAvailabilityAge(WireTime.length(ageMillis))
          .setSentTime(WireTime.timestamp(standing.serverNow(Instant.EPOCH)));
      sentOn = stream;
      sentAfterSequence = stream.sentSequence();
    }
    stream.send(ClientMessage.newBuilder().setUpdateStatus(update).build());
  }

  /** All heartbeats of this stream up to this one arrived, and so did what was sent before it. */
  void onAck(LiveStream stream, long sequence) {
    if (stream == sentOn && sequence > sentAfterSequence) {
      unconfirmed = null;
      sentOn = null;
    }
  }
}
