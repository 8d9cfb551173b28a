package dev.presence.lab.replay;

import dev.presence.lab.replay.oracle.Checkpoint;
import dev.presence.lab.replay.plan.Ending;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.stage.Performance.Outcome;
import dev.presence.lab.replay.stage.Tally;
import java.util.ArrayList;
import java.util.List;

/** Whether a run was one that proves something: all that was planned has happened. */
final class Conduct {

  private static final double MIN_AWAY_SECONDS = 0.1;
  private static final double MAX_AWAY_SECONDS = 9;

  /** A full run drops so many connections; a shorter one what its plan says. */
  private static final long MIN_CONNECTIONS_DROPPED = 500;

  private static final double MIN_WEB_SHARE = 0.2;

  /** So few sessions may have a smaller share, by lot. */
  private static final int ENOUGH_FOR_A_SHARE = 100;

  private static final int ENOUGH_FOR_BOTH_SERVERS = 30;

  private final List<String> shortcomings = new ArrayList<>();

  Conduct(Plan plan, Outcome outcome) {
    Tally tally = outcome.tally();
    long sessions = plan.sessions().size();
    require(
        tally.finished() == sessions,
        "%d of %d sessions were played".formatted(tally.finished(), sessions));
    requireCheckpoints(outcome);
    long drops = plan.sessions().stream().filter(PlannedSession::cutsConnection).count();
    require(
        tally.connectionsDropped() >= Math.min(drops, MIN_CONNECTIONS_DROPPED),
        "only %d TCP connections were dropped".formatted(tally.connectionsDropped()));
    requireResumes(plan, outcome);
    requireWebSessions(outcome);
    require(
        tally.refusedResumes() == 0, "%d resumes were refused".formatted(tally.refusedResumes()));
    require(
        tally.unplannedBreaks() == 0,
        "%d streams ended that nobody had cut".formatted(tally.unplannedBreaks()));
    require(
        tally.strangers() == 0,
        "%d presences came of people who are no contacts".formatted(tally.strangers()));
    tally.givenUp().forEach(who -> shortcomings.add("the library gave up a session of " + who));
  }

  /** A short run has one, whose people may have gone by then on a busy machine: one will do. */
  private void requireCheckpoints(Outcome outcome) {
    int planned = outcome.planned().timesMillis().size();
    require(
        outcome.checkpoints().size() == planned,
        "%d of %d checkpoints were held".formatted(outcome.checkpoints().size(), planned));
    int minPeople = planned > 1 ? outcome.planned().minPeople() : 1;
    for (Checkpoint checkpoint : outcome.checkpoints()) {
      require(
          checkpoint.people() >= minPeople && !checkpoint.views().isEmpty(),
          "only %d people were there at checkpoint %d"
              .formatted(checkpoint.people(), checkpoint.number()));
    }
  }

  private void requireWebSessions(Outcome outcome) {
    Tally tally = outcome.tally();
    require(
        !outcome.web()
            || tally.finished() < ENOUGH_FOR_A_SHARE
            || tally.webSessions() >= tally.finished() * MIN_WEB_SHARE,
        "the web library held only %d sessions".formatted(tally.webSessions()));
    tally.failedCalls().forEach(why -> shortcomings.add("a call of a web session failed: " + why));
  }

  private void requireResumes(Plan plan, Outcome outcome) {
    Tally tally = outcome.tally();
    long resumes =
        plan.sessions().stream()
            .filter(session -> session.ending() == Ending.CUT_AND_RESUME)
            .count();
    boolean planned = resumes > 0;
    // Where the edge chooses the server, a few may all come to the same one.
    boolean both = outcome.web() ? resumes >= ENOUGH_FOR_BOTH_SERVERS : planned;
    require(!both || tally.resumesSame() > 0, "no session resumed on the same server");
    require(!both || tally.resumesOther() > 0, "no session resumed on the other server");
    require(!planned || tally.resumesSame() + tally.resumesOther() > 0, "no session resumed");
    require(
        !planned
            || (tally.minAwaySeconds() >= MIN_AWAY_SECONDS
                && tally.maxAwaySeconds() <= MAX_AWAY_SECONDS),
        "clients were away for %.2f to %.2f s, where %.1f to %.0f s were planned"
            .formatted(
                tally.minAwaySeconds(),
                tally.maxAwaySeconds(),
                MIN_AWAY_SECONDS,
                MAX_AWAY_SECONDS));
  }

  private void require(boolean held, String otherwise) {
    if (!held) {
      shortcomings.add(otherwise);
    }
  }

  /** What did not go as planned; empty if all did. */
  List<String> shortcomings() {
    return List.copyOf(shortcomings);
  }
}
