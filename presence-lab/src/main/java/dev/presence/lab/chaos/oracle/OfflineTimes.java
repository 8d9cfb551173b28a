package dev.presence.lab.chaos.oracle;

import dev.presence.lab.replay.oracle.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long it took until those were told offline who had really gone, in a fault or just before.
 */
final class OfflineTimes {

  /** Somebody vanished, and was not there again before that time. */
  private record Gone(int user, long leftMicros, long backMicros) {
    boolean told(Entry entry) {
      return entry.deed() == Deed.TOLD
          && entry.contact() == user
          && entry.seen() == Seen.OFFLINE
          && entry.atMicros() >= leftMicros
          && entry.atMicros() < backMicros;
    }
  }

  private OfflineTimes() {}

  /** By the name of each fault the longest time, from its begin or from their leaving. */
  static Map<String, Long> of(Evidence evidence, List<Visit> visits) {
    Map<String, Long> longest = new LinkedHashMap<>();
    for (Trouble trouble : evidence.troubles()) {
      if (evidence.current(trouble.fromMicros())) {
        long most = 0;
        for (Gone gone : gone(trouble, visits)) {
          long since = Math.max(gone.leftMicros, trouble.fromMicros());
          for (Visit watcher : visits) {
            most = Math.max(most, firstTold(watcher, gone, evidence.untilMicros()) - since);
          }
        }
        longest.put(trouble.name(), most);
      }
    }
    return longest;
  }

  /**
   * When an app was told that showed the user online: not by the end, if it was there all the time
   * and still shows that; 0 if it has only just come, or has gone itself.
   */
  private static long firstTold(Visit watcher, Gone gone, long untilMicros) {
    boolean online = false;
    long greeted = 0;
    for (Entry entry : watcher.entries()) {
      if (entry.deed() == Deed.GREETED) {
        greeted = entry.atMicros();
      } else if (gone.told(entry)) {
        return online && entry.atMicros() - greeted > Rules.SNAPSHOT ? entry.atMicros() : 0;
      } else if (entry.deed() == Deed.TOLD && entry.contact() == gone.user) {
        online = entry.seen() != Seen.OFFLINE;
      }
    }
    boolean there = !watcher.stretches().isEmpty() && watcher.stretches().getLast().lasts();
    boolean shown = online && there && greeted < untilMicros - Rules.SNAPSHOT;
    return shown && gone.backMicros == Long.MAX_VALUE ? untilMicros : 0;
  }

  private static List<Gone> gone(Trouble trouble, List<Visit> visits) {
    List<Gone> gone = new ArrayList<>();
    for (Visit visit : visits) {
      for (Stretch stretch : visit.stretches()) {
        long left = stretch.leftMicros();
        if (stretch.end() == Deed.VANISHED
            && left >= trouble.fromMicros() - Rules.GRACE
            && left <= trouble.settledMicros()) {
          gone.add(new Gone(visit.user(), left, back(visit.user(), left, visits)));
        }
      }
    }
    return gone;
  }

  /** When the user was there next: at once, if with another device. */
  private static long back(int user, long left, List<Visit> visits) {
    long back = Long.MAX_VALUE;
    for (Visit visit : visits) {
      if (visit.user() == user) {
        for (Stretch stretch : visit.stretches()) {
          if (stretch.toMicros() > left) {
            back = Math.min(back, Math.max(left, stretch.openMicros()));
          }
        }
      }
    }
    return back;
  }
}
