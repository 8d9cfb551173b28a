package dev.presence.client.cli;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.SessionInfo;
import java.util.Locale;
import java.util.Optional;

/**
 * What is shown of the user's own session.
 *
 * @param userId the user
 * @param state how the session stands
 * @param info what hello said, once there was one
 * @param activity whether somebody is at the keyboard
 * @param availability the user's own wish
 */
record Header(
    String userId,
    ConnectionState state,
    Optional<SessionInfo> info,
    Activity activity,
    Availability availability) {

  /** The state in words. */
  String connection() {
    return switch (state.phase()) {
      case CONNECTING -> info.isPresent() ? "reconnecting" : "connecting";
      case LIVE -> "live";
      case STALE -> "stale";
      case OFFLINE ->
          "offline: " + state.reason().map(Enum::toString).orElse("").toLowerCase(Locale.ROOT);
    };
  }

  /** What friends see of the user. */
  String ownStatus() {
    if (availability == Availability.BUSY) {
      return "busy";
    }
    return activity == Activity.AWAY ? "away" : "online";
  }

  Header with(ConnectionState newState) {
    return new Header(userId, newState, info, activity, availability);
  }

  Header with(SessionInfo newInfo) {
    return new Header(userId, state, Optional.of(newInfo), activity, newInfo.availability());
  }

  Header with(Activity newActivity) {
    return new Header(userId, state, info, newActivity, availability);
  }

  Header with(Availability newAvailability) {
    return new Header(userId, state, info, activity, newAvailability);
  }
}
