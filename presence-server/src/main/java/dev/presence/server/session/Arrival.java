package dev.presence.server.session;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import org.jspecify.annotations.Nullable;

/**
 * An Open that waits for its turn, and what its client has said since: that is to be heard after
 * it. Belongs to the lane's loop.
 */
final class Arrival {

  final OpenCommand command;
  final Attachment stream;

  private @Nullable Activity activity;
  private @Nullable Availability availability;
  private long wishAtMillis;

  Arrival(OpenCommand command, Attachment stream) {
    this.command = command;
    this.stream = stream;
  }

  /** The client changes its status before it has its session; the newest word counts. */
  void updateStatus(@Nullable Activity a, @Nullable Availability wish, long atMillis) {
    activity = a == null ? activity : a;
    if (wish != null) {
      availability = wish;
      wishAtMillis = atMillis;
    }
  }

  /** Tells the sessions what was said meanwhile. */
  void tell(LaneSessions sessions) {
    if (activity != null || availability != null) {
      sessions.updateStatus(stream, activity, availability, wishAtMillis);
    }
  }
}
