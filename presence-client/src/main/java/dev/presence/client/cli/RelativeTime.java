package dev.presence.client.cli;

import java.time.Duration;
import java.time.Instant;

/** How long ago, as people say it. */
final class RelativeTime {
  private RelativeTime() {}

  /** Such as {@code just now}, {@code 5 min ago}, {@code 3 h ago}, {@code 2 days ago}. */
  static String since(Instant then, Instant now) {
    Duration ago = Duration.between(then, now); // negative if a clock is ahead: just now
    if (ago.toMinutes() < 1) {
      return "just now";
    }
    if (ago.toHours() < 1) {
      return ago.toMinutes() + " min ago";
    }
    if (ago.toDays() < 1) {
      return ago.toHours() + " h ago";
    }
    return ago.toDays() == 1 ? "1 day ago" : ago.toDays() + " days ago";
  }
}
