package dev.presence.server.session;

import dev.presence.server.model.Activity;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import org.jspecify.annotations.Nullable;

/** One session that this node owns. Belongs to its user's lane. */
final class Session {

  final SessionId id;
  final UserId user;
  final String device;

  int attempt;
  Activity activity;

  /** A page that cannot be seen now. */
  boolean hidden;

  Wish wish;

  /** The stream that carries it now; null while SUSPENDED. */
  @Nullable Attachment attachment;

  /** When its newest stream began, on the loop's clock. */
  long attachedMillis;

  /** Whether others have been told of it. Until then it may vanish without a trace. */
  boolean announced;

  /** Whether the user's stored wish has been taken into account. */
  boolean wishKnown;

  /** The tombstone of the session that the client asked for in vain, until that is published. */
  @Nullable SessionRecord predecessor;

  /** The last sign of life on the loop's clock, once no stream carries it. */
  long lastSignMillis;

  /** When it lost its stream: on the time that grace periods run on, and on the loop's clock. */
  long graceStartMillis;

  long suspendedAtMillis;

  /** Why it lost its stream: the reason under which it closes if nobody comes back. */
  CloseReason suspendReason = CloseReason.CONNECTION_LOST;

  Session(SessionId id, UserId user, String device, int attempt, Activity activity, Wish wish) {
    this.id = id;
    this.user = user;
    this.device = device;
    this.attempt = attempt;
    this.activity = activity;
    this.wish = wish;
  }

  Phase phase() {
    return attachment == null ? Phase.SUSPENDED : Phase.CONNECTED;
  }

  /** The last sign of life on the loop's clock. */
  long lastSign() {
    Attachment current = attachment;
    return current == null ? lastSignMillis : current.lastMessageMillis();
  }

  /** Nobody is at a page that cannot be seen. */
  private Activity shown() {
    return hidden ? Activity.AWAY : activity;
  }

  SessionRecord record(long lastSignOfLifeMillis) {
    return new SessionRecord(
        id, user, device, attempt, phase(), shown(), wish, lastSignOfLifeMillis, null);
  }
}
