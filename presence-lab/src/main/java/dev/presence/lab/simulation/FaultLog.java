package dev.presence.lab.simulation;

import dev.presence.server.roster.Rosters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When what went wrong, for those who judge. */
final class FaultLog {

  /** For so long a roster may be loaded, and what is cached trusted after a failure. */
  private static final long LOADING_MILLIS = 10_000;

  private final VirtualTime time;
  private final List<Entry> entries = new ArrayList<>();
  private long rewriteInterruptedMillis = Long.MIN_VALUE / 2;
  private int active;
  private long lastEndMillis;

  /** One fault; it lasts until it is ended. */
  final class Entry {
    final FaultKind kind;
    final long startMillis;
    long endMillis = Long.MAX_VALUE;

    /** The servers it concerns; all if empty. */
    private final Set<SimulatedNode> hit = new LinkedHashSet<>();

    private Entry(FaultKind kind) {
      this.kind = kind;
      startMillis = time.nowMillis();
    }

    /** It concerns these servers, and no others. */
    void hits(Collection<SimulatedNode> nodes) {
      hit.addAll(nodes);
    }

    boolean concernsAny(Collection<SimulatedNode> nodes) {
      for (SimulatedNode node : nodes) {
        if (concerns(node)) {
          return true;
        }
      }
      return false;
    }

    boolean concerns(SimulatedNode node) {
      return hit.isEmpty() || hit.contains(node);
    }

    void end() {
      if (endMillis == Long.MAX_VALUE) {
        endMillis = time.nowMillis();
        lastEndMillis = endMillis;
        active--;
      }
    }
  }

  FaultLog(VirtualTime time) {
    this.time = time;
  }

  Entry begin(FaultKind kind) {
    Entry entry = new Entry(kind);
    entries.add(entry);
    active++;
    return entry;
  }

  /** A server was stopped while what it had published was out of Redis. */
  void rewriteInterrupted() {
    rewriteInterruptedMillis = time.nowMillis();
  }

  /** When that happened last; long ago if never. */
  long rewriteInterruptedMillis() {
    return rewriteInterruptedMillis;
  }

  /** When the last fault ended; the end of time while one goes on. */
  long calmSince() {
    return active > 0 ? Long.MAX_VALUE / 2 : lastEndMillis;
  }

  /**
   * The faults that took one of these servers out of contact with Redis, or may have, in their
   * order. A store that lost something counts as contact regained: they end where they begin.
   */
  List<Entry> outOfContact(Collection<SimulatedNode> nodes) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.kind.breaksContact() && entry.concernsAny(nodes)) {
        found.add(entry);
      }
    }
    return found;
  }

  /** Whether messages between servers have been lost or late within the last so many millis. */
  boolean wakingFailed(long withinMillis) {
    long since = time.nowMillis() - withinMillis;
    for (Entry entry : entries) {
      if (entry.kind.hides() && entry.endMillis >= since) {
        return true;
      }
    }
    return false;
  }

  /** Whether Redis has lost something that stood in it at that time. */
  boolean redisLostSince(long fromMillis) {
    return entries.stream()
        .anyMatch(
            entry ->
                switch (entry.kind) {
                  case REDIS_WIPED,
                      REDIS_ROLLED_BACK,
                      NODES_ROLLED_BACK,
                      NODE_KEYS_ROLLED_BACK,
                      REWRITE_INTERRUPTED ->
                      entry.startMillis >= fromMillis;
                  default -> false;
                });
  }

  /** For how long a server has been stopped since then: its deadlines are pushed by that. */
  long stoodStillMillis(@Nullable SimulatedNode node, long sinceMillis) {
    long millis = 0;
    for (Entry entry : entries) {
      if (entry.kind == FaultKind.NODE_PAUSED && node != null && entry.hit.contains(node)) {
        long end = Math.min(entry.endMillis, time.nowMillis());
        millis += Math.max(0, end - Math.max(entry.startMillis, sinceMillis));
      }
    }
    return millis;
  }

  /** Whether PostgreSQL has been away or slow within the last so many millis. */
  boolean databaseFailed(long withinMillis) {
    long since = time.nowMillis() - withinMillis;
    return entries.stream()
        .filter(entry -> entry.endMillis >= since)
        .anyMatch(
            entry ->
                entry.kind == FaultKind.POSTGRES_AWAY || entry.kind == FaultKind.POSTGRES_SLOW);
  }

  /**
   * Since when a server may have had the roster that it uses at that moment: as long as rosters are
   * cached, and from the beginning if the database was away about that time.
   */
  long rosterSince(long atMillis) {
    for (Entry entry : entries) {
      if (entry.kind == FaultKind.POSTGRES_AWAY
          && entry.startMillis <= atMillis + LOADING_MILLIS
          && entry.endMillis >= atMillis - LOADING_MILLIS) {
        return 0;
      }
    }
    return atMillis - Rosters.DEFAULT_MAX_AGE.toMillis();
  }

  /** Whether since then stores failed that hold what is not in the history yet. */
  boolean historyInDanger(long fromMillis) {
    for (Entry entry : entries) {
      boolean store =
          switch (entry.kind) {
            case REDIS_WIPED,
                REDIS_ROLLED_BACK,
                NODES_ROLLED_BACK,
                NODE_KEYS_ROLLED_BACK,
                REWRITE_INTERRUPTED,
                REDIS_AWAY ->
                true;
            default -> false;
          };
      if (store && entry.endMillis + 5_000 >= fromMillis) {
        return true;
      }
    }
    return false;
  }
}
