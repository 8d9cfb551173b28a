package dev.presence.server.session;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.Outbound.Advice;
import dev.presence.server.presence.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * One stream as its session sees it. All methods may be called from any thread, and none blocks.
 */
public final class Attachment {

  private final LaneSessions sessions;
  private final Outbox outbox;
  private volatile long lastMessageMillis;

  /** Belongs to the lane. */
  @Nullable Session session;

  /** The stream has ended, or was told its last word. Belongs to the lane. */
  boolean over;

  /** The roster cannot be had now. Belongs to the lane. */
  boolean rosterPending;

  /** Its Open, while that waits for its turn. Belongs to the lane. */
  @Nullable Arrival arrival;

  /** The client has been asked to move to another stream. Belongs to the lane. */
  boolean askedToMove;

  /** The client asked for a session that it had, and may know somebody to be online. */
  boolean comesBack;

  /** Whether hello is to say that the session goes on. Belongs to the lane. */
  boolean resumed;

  /** Hello has been said. Belongs to the lane. */
  boolean greeted;

  /** Ends the stream once the client has been silent for too long. Belongs to the lane. */
  EventLoop.@Nullable Timer deadline;

  /** How many pings were sent. Belongs to the lane. */
  long pings;

  Attachment(LaneSessions sessions, Runnable wake) {
    this.sessions = sessions;
    outbox = new Outbox(wake);
    lastMessageMillis = sessions.nowMillis();
  }

  /** What waits to be written on the stream. */
  public Outbox outbox() {
    return outbox;
  }

  /** A heartbeat has arrived. It costs a timestamp; nobody else hears of it. */
  public void heartbeat(long sequence) {
    touch();
    outbox.acknowledge(sequence);
    outbox.flush();
  }

  /**
   * The client changes its status; null leaves a part as it is.
   *
   * @param wishAtMillis when the user made the wish, by the shared clock, 0: now; a newer one of
   *     another device stands
   */
  public void updateStatus(
      @Nullable Activity activity, @Nullable Availability availability, long wishAtMillis) {
    touch();
    sessions.run(() -> sessions.updateStatus(this, activity, availability, wishAtMillis));
  }

  /** The user leaves. Closed(SIGNED_OUT) follows in the outbox. */
  public void signOut() {
    touch();
    sessions.run(() -> sessions.signOut(this));
  }

  /**
   * The stream has ended without a word, or was ended for misuse: the grace period begins. Called
   * after any other end too, where it does nothing.
   */
  public void lost() {
    sessions.run(() -> sessions.lost(this));
  }

  /** Says the last word. Belongs to the lane. */
  void end(CloseReason reason, Advice advice) {
    over = true;
    outbox.close(new Outbound.Closed(reason, advice));
    outbox.flush();
  }

  /** Does not let it in. Belongs to the lane. */
  void refuse(long retryAfterMillis) {
    over = true;
    outbox.close(new Outbound.Refused(retryAfterMillis));
    outbox.flush();
  }

  void touch() {
    lastMessageMillis = sessions.nowMillis();
  }

  /** When the client's last message came, on the loop's clock. */
  long lastMessageMillis() {
    return lastMessageMillis;
  }
}
