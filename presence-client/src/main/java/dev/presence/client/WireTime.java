package dev.presence.client;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times and lengths as they travel. */
final class WireTime {
  private WireTime() {}

  static Instant instant(Timestamp wire) {
    return Instant.ofEpochSecond(wire.getSeconds(), wire.getNanos());
  }

  /** A moment as it travels. */
  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** In milliseconds, never negative; a length beyond any use is cut to a day. */
  static long millis(com.google.protobuf.Duration wire) {
    long seconds = Math.max(0, Math.min(86_400, wire.getSeconds()));
    return Math.max(0, seconds * 1_000 + wire.getNanos() / 1_000_000);
  }

  /** A length as it travels. */
  static com.google.protobuf.Duration length(long millis) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos((int) (millis % 1_000) * 1_000_000)
        .build();
  }
}
