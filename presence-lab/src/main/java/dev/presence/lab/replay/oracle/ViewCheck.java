package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Checkpoint.ClientView;
import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Timeline.LastSeen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * At a checkpoint every live client shows the truth of every contact: the state, and of an offline
 * one when it was last seen.
 */
final class ViewCheck {

  private final Evidence evidence;
  private final List<Timeline> timelines;
  private final List<Fault> faults = new ArrayList<>();
  private long compared;

  ViewCheck(Evidence evidence, List<Timeline> timelines) {
    this.evidence = evidence;
    this.timelines = timelines;
    for (Checkpoint checkpoint : evidence.checkpoints()) {
      for (ClientView view : checkpoint.views()) {
        check(checkpoint, view);
      }
    }
  }

  List<Fault> faults() {
    return faults;
  }

  long compared() {
    return compared;
  }

  private void check(Checkpoint checkpoint, ClientView client) {
    int watcher = client.log().user();
    for (int contact = 0; contact < client.view().contacts(); contact++) {
      compared++;
      int user = evidence.contacts().contact(watcher, contact);
      Timeline timeline = timelines.get(user);
      int truth = timeline.at(checkpoint.atMicros()).mask();
      Seen shown = client.view().seen(contact);
      if ((truth & shown.mask()) == 0) {
        wrong(checkpoint, client.log(), user, shown.name(), Seen.describe(truth));
      } else if (shown == Seen.OFFLINE) {
        LastSeen seen = timeline.lastSeen(checkpoint.atMicros());
        long lastSeen = client.view().lastSeenWallMillis(contact);
        if (!right(lastSeen, seen)) {
          wrong(
              checkpoint,
              client.log(),
              user,
              "last seen " + time(lastSeen),
              time(seen.maxWallMillis()));
        }
      }
    }
  }

  private static boolean right(long shownMillis, LastSeen truth) {
    if (truth.never() || shownMillis == 0) {
      return truth.never() && shownMillis == 0;
    }
    return shownMillis >= truth.minWallMillis() - Rules.TOLERANCE_MILLIS
        && shownMillis <= truth.maxWallMillis() + Rules.TOLERANCE_MILLIS;
  }

  private static String time(long wallMillis) {
    return wallMillis == 0 ? "never" : Instant.ofEpochMilli(wallMillis).toString();
  }

  private void wrong(
      Checkpoint checkpoint, SessionLog watcher, int user, String shown, String truth) {
    String sessionId = watcher.sessionId();
    faults.add(
        new Fault(
            Kind.WRONG_VIEW,
            evidence.users().get(user),
            sessionId == null ? "" : sessionId,
            evidence.wallMillis(checkpoint.atMicros()),
            "at checkpoint %d watcher %s showed %s instead of %s"
                .formatted(
                    checkpoint.number(), evidence.users().get(watcher.user()), shown, truth)));
  }
}
