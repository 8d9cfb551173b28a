package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Life.Span;
import dev.presence.lab.replay.oracle.Timeline.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Every merged change that lasted at least 1 s reaches every watcher that is live throughout,
 * within 2 s.
 */
final class UpdateCheck {

  private final Evidence evidence;
  private final List<Timeline> timelines;
  private final List<Fault> faults = new ArrayList<>();
  private final Latencies latencies = new Latencies();
  private long checked;

  UpdateCheck(Evidence evidence, List<Timeline> timelines) {
    this.evidence = evidence;
    this.timelines = timelines;
    for (SessionLog watcher : evidence.logs()) {
      for (Life life : watcher.lives()) {
        for (Span live : life.live()) {
          check(watcher, life, live);
        }
      }
    }
  }

  List<Fault> faults() {
    return faults;
  }

  Latencies latencies() {
    return latencies;
  }

  long checked() {
    return checked;
  }

  private void check(SessionLog watcher, Life life, Span live) {
    long lastStart = live.toMicros() - Rules.DELIVERY_MICROS;
    if (lastStart < live.fromMicros()) {
      return;
    }
    long[][] told = watcher.views().byContact();
    for (int contact = 0; contact < told.length; contact++) {
      int user = evidence.contacts().contact(watcher.user(), contact);
      Timeline timeline = timelines.get(user);
      List<Segment> segments = timeline.segments();
      for (int i = timeline.indexAt(live.fromMicros()); i < segments.size(); i++) {
        Segment segment = segments.get(i);
        if (segment.fromMicros() > lastStart) {
          break;
        }
        if (segment.fromMicros() >= live.fromMicros()
            && segment.certain()
            && segment.lengthMicros() >= Rules.LASTING_MICROS) {
          check(life, user, segment, told[contact]);
        }
      }
    }
  }

  private void check(Life watcher, int user, Segment segment, long[] told) {
    checked++;
    long deadline = segment.fromMicros() + Rules.DELIVERY_MICROS;
    boolean stillTrue = segment.toMicros() >= deadline;
    Seen shown = Seen.UNKNOWN;
    boolean reached = false;
    boolean measured = false;
    for (long entry : told) {
      long at = ViewLog.time(entry);
      if (at > deadline) {
        break;
      }
      if (at > segment.fromMicros()) {
        reached |= segment.is(shown);
      }
      shown = ViewLog.seen(entry);
      if (!measured && segment.is(shown) && at >= segment.causeMicros()) {
        latencies.add(at - segment.causeMicros());
        measured = true;
      }
    }
    reached |= segment.is(shown);
    if (stillTrue ? !segment.is(shown) : !reached) {
      faults.add(missing(watcher, user, segment, shown));
    }
  }

  private Fault missing(Life watcher, int user, Segment segment, Seen shown) {
    return new Fault(
        Kind.MISSING_UPDATE,
        evidence.users().get(user),
        watcher.sessionId(),
        evidence.wallMillis(segment.fromMicros()),
        "was %s from then on for %s, and 2 s later watcher %s still showed %s"
            .formatted(
                Seen.describe(segment.mask()),
                segment.toMicros() == Long.MAX_VALUE
                    ? "ever"
                    : "%.1f s".formatted(segment.lengthMicros() / 1e6),
                evidence.users().get(watcher.user()),
                shown));
  }
}
