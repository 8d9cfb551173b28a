package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Fault.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Nobody is told that a user is offline who had a live session for the whole second before, or was
 * cut less than 10 s ago.
 */
final class OfflineCheck {

  private final Evidence evidence;
  private final List<Timeline> timelines;
  private final List<Fault> faults = new ArrayList<>();

  OfflineCheck(Evidence evidence, List<Timeline> timelines) {
    this.evidence = evidence;
    this.timelines = timelines;
    for (SessionLog watcher : evidence.logs()) {
      watcher
          .views()
          .forEach(
              (atMicros, contact, seen) -> {
                if (seen == Seen.OFFLINE) {
                  check(watcher, contact, atMicros);
                }
              });
    }
  }

  List<Fault> faults() {
    return faults;
  }

  private void check(SessionLog watcher, int contact, long atMicros) {
    int user = evidence.contacts().contact(watcher.user(), contact);
    Timeline timeline = timelines.get(user);
    boolean live = timeline.presentThroughout(atMicros - Rules.LIVE_BEFORE_MICROS, atMicros);
    boolean cut = timeline.suspended(atMicros);
    if (live || cut) {
      String sessionId = watcher.sessionId();
      faults.add(
          new Fault(
              Kind.FALSE_OFFLINE,
              evidence.users().get(user),
              sessionId == null ? "" : sessionId,
              evidence.wallMillis(atMicros),
              "watcher %s was told OFFLINE, and the user %s"
                  .formatted(
                      evidence.users().get(watcher.user()),
                      live
                          ? "had had a live session for the whole second before"
                          : "was cut less than 10 s ago")));
    }
  }
}
