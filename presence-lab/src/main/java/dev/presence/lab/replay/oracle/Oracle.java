package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Life.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges a run: works out what was true of each user at each moment, and compares it with what each
 * client was told and with what the history says.
 */
public final class Oracle {

  private Oracle() {}

  /** Judges by all rules. */
  public static Verdict judge(Evidence evidence) {
    List<Timeline> timelines = timelines(evidence);
    List<Fault> faults = new ArrayList<>();
    UpdateCheck updates = new UpdateCheck(evidence, timelines);
    faults.addAll(updates.faults());
    faults.addAll(new OfflineCheck(evidence, timelines).faults());
    ViewCheck views = new ViewCheck(evidence, timelines);
    faults.addAll(views.faults());
    RowCheck rows = new RowCheck(evidence);
    faults.addAll(rows.faults());
    faults.sort(Comparator.comparing(Fault::kind).thenComparingLong(Fault::atWallMillis));
    return new Verdict(
        List.copyOf(faults),
        updates.latencies(),
        views.compared(),
        updates.checked(),
        rows.compared());
  }

  private static List<Timeline> timelines(Evidence evidence) {
    int users = evidence.users().size();
    List<List<Life>> lives = new ArrayList<>();
    List<List<Wished>> wishes = new ArrayList<>();
    List<List<Span>> ghosts = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      lives.add(new ArrayList<>());
      wishes.add(new ArrayList<>());
      ghosts.add(new ArrayList<>());
    }
    for (SessionLog log : evidence.logs()) {
      lives.get(log.user()).addAll(log.lives());
      wishes.get(log.user()).addAll(log.wishes());
      ghosts.get(log.user()).addAll(log.ghosts());
    }
    List<Timeline> timelines = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      timelines.add(new Timeline(lives.get(user), wishes.get(user), ghosts.get(user)));
    }
    return timelines;
  }
}
