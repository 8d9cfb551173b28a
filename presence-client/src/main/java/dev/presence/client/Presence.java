package dev.presence.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What the caller may see of one user.
 *
 * @param userId the user
 * @param state the user's state
 * @param lastSeen when the user's last session gave its last sign of life, by the servers' clock
 *     (compare with {@link PresenceSession#serverNow()}); only of an offline user who was ever seen
 *     and shows it
 */
public record Presence(String userId, PresenceState state, Optional<Instant> lastSeen) {

  /** Checks that nothing is missing. */
  public Presence {
    requireNonNull(userId, "userId");
    requireNonNull(state, "state");
    requireNonNull(lastSeen, "lastSeen");
  }

  static Presence offline(String userId) {
    return new Presence(userId, PresenceState.OFFLINE, Optional.empty());
  }

  static Presence of(dev.presence.v1.Presence wire) {
    return new Presence(
        wire.getUserId(),
        PresenceState.of(wire.getState()),
        wire.hasLastSeen() ? Optional.of(WireTime.instant(wire.getLastSeen())) : Optional.empty());
  }
}
