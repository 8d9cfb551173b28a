package dev.presence.server.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.presence.server.model.Presence;
import dev.presence.server.presence.PresenceQueries.Freshness;
import dev.presence.v1.PresenceState;

/** The model's words in those of the protocol. */
final class PresenceMessages {

  private PresenceMessages() {}

  /** As it goes out on a stream, where ServerState says for all how fresh it is. */
  static dev.presence.v1.Presence onStream(Presence presence) {
    return builder(presence).build();
  }

  /** As it answers a question. */
  static dev.presence.v1.Presence answer(Presence presence, Freshness freshness) {
    dev.presence.v1.Presence.Builder answer = builder(presence);
    if (freshness.stale()) {
      answer.setStale(true).setAsOf(timestamp(freshness.asOfMillis()));
    }
    return answer.build();
  }

  private static dev.presence.v1.Presence.Builder builder(Presence presence) {
    dev.presence.v1.Presence.Builder builder =
        dev.presence.v1.Presence.newBuilder()
            .setUserId(presence.user().value())
            .setState(state(presence));
    if (presence.state() == dev.presence.server.model.PresenceState.OFFLINE
        && presence.lastSeenMillis() > 0) {
      builder.setLastSeen(timestamp(presence.lastSeenMillis()));
    }
    return builder;
  }

  private static PresenceState state(Presence presence) {
    return switch (presence.state()) {
      case UNKNOWN -> PresenceState.PRESENCE_STATE_UNKNOWN;
      case OFFLINE -> PresenceState.PRESENCE_STATE_OFFLINE;
      case ONLINE -> PresenceState.PRESENCE_STATE_ONLINE;
      case AWAY -> PresenceState.PRESENCE_STATE_AWAY;
      case BUSY -> PresenceState.PRESENCE_STATE_BUSY;
    };
  }

  static Timestamp timestamp(long unixMillis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(unixMillis, 1_000))
        .setNanos(Math.floorMod(unixMillis, 1_000) * 1_000_000)
        .build();
  }

  static long unixMillis(Timestamp timestamp) {
    return timestamp.getSeconds() * 1_000 + timestamp.getNanos() / 1_000_000;
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
