package dev.presence.client;

import dev.presence.v1.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the app has been told about the contacts, and what to tell it next. Each stream brings a
 * whole snapshot; only the first one reaches the app as such, of later ones just the differences.
 *
 * <p>A contact that went offline while we were not listening is not listed by the snapshot, and its
 * last seen comes in a later part. It is told once, with that; but not later than the owner's call
 * of {@link #settle()}, since a slow database must not make a contact look online.
 */
final class ContactView {
  private final PresenceListener listener;

  /** As the app knows it. */
  private final Map<String, Presence> known = new LinkedHashMap<>();

  /** The latest last seen of each contact. */
  private final Map<String, Instant> lastSeen = new HashMap<>();

  /** Whom this stream has mentioned so far. */
  private final Set<String> listed = new HashSet<>();

  /** Who went offline in the gap, and is waiting for a last seen. */
  private final Set<String> leaving = new LinkedHashSet<>();

  private boolean told; // onSnapshot was called
  private boolean complete; // of this stream's snapshot
  private boolean lastSeenComplete;

  ContactView(PresenceListener listener) {
    this.listener = listener;
  }

  /** A new stream begins, with a snapshot of its own. */
  void begin() {
    listed.clear();
    leaving.clear();
    complete = false;
    lastSeenComplete = false;
    if (!told) {
      known.clear(); // half a snapshot of a stream that was lost is worth nothing
    }
  }

  /** Takes one part of the snapshot. */
  void snapshot(Snapshot part) {
    apply(part.getPresencesList());
    if (part.getComplete() && !complete) {
      complete = true;
      completed();
    }
    if (part.getLastSeenComplete() && !lastSeenComplete) {
      lastSeenComplete = true;
      lastSeenCompleted();
    }
  }

  /** Takes changed presences. */
  void apply(List<dev.presence.v1.Presence> changed) {
    for (dev.presence.v1.Presence wire : changed) {
      Presence presence = Presence.of(wire);
      listed.add(presence.userId());
      leaving.remove(presence.userId());
      tell(presence);
    }
  }

  /** Whether contacts that left in the gap are still waiting for their last seen. */
  boolean isSettled() {
    return leaving.isEmpty();
  }

  /** Tells the contacts that left in the gap now, as they are. */
  void settle() {
    leaving.forEach(userId -> tell(Presence.offline(userId)));
    leaving.clear();
  }

  private void completed() {
    if (!told) {
      told = true;
      listener.onSnapshot(Collections.unmodifiableMap(new LinkedHashMap<>(known)));
      return;
    }
    for (Presence presence : known.values()) {
      if (presence.state() != PresenceState.OFFLINE && !listed.contains(presence.userId())) {
        leaving.add(presence.userId());
      }
    }
  }

  private void lastSeenCompleted() {
    settle();
    // Who is offline and was not listed even now has stopped showing when they were last seen.
    for (Presence presence : List.copyOf(known.values())) {
      if (!listed.contains(presence.userId())) {
        tell(Presence.offline(presence.userId()));
      }
    }
  }

  /**
   * A server that was just started may not know yet what another one was about to write: the last
   * seen that the app was told once never goes back.
   */
  private Presence notSeenEarlier(Presence news) {
    if (news.lastSeen().isEmpty()) {
      return news;
    }
    Instant latest =
        lastSeen.merge(news.userId(), news.lastSeen().get(), (a, b) -> a.isAfter(b) ? a : b);
    return new Presence(news.userId(), news.state(), Optional.of(latest));
  }

  private void tell(Presence news) {
    Presence presence = notSeenEarlier(news);
    Presence before = known.put(presence.userId(), presence);
    boolean differs =
        !presence.equals(before == null ? Presence.offline(presence.userId()) : before);
    if (told && differs) {
      listener.onChange(presence);
    }
  }
}
