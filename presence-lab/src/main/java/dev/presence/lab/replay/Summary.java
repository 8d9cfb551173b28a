package dev.presence.lab.replay;

import dev.presence.lab.replay.oracle.Checkpoint;
import dev.presence.lab.replay.oracle.Fault;
import dev.presence.lab.replay.oracle.Latencies;
import dev.presence.lab.replay.oracle.Verdict;
import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.stage.Performance.Outcome;
import dev.presence.lab.replay.stage.Tally;
import java.io.PrintStream;
import java.time.Instant;

/** Prints what a run was, and what is wrong with it. */
final class Summary {

  /** Of each kind of fault the first ones are told; the rest is counted. */
  private static final int TOLD_OF_A_KIND = 20;

  private final PrintStream out;

  Summary(PrintStream out) {
    this.out = out;
  }

  /** Prints. */
  void print(Replay.Result result) {
    out.println();
    if (!result.planted().isEmpty()) {
      out.println("planted: " + result.planted());
      out.println();
    }
    run(result.plan(), result.outcome());
    seen(result.outcome(), result.verdict());
    out.println();
    for (Fault.Kind kind : Fault.Kind.values()) {
      line(kind.words() + "s", "%,d".formatted(result.verdict().count(kind)));
    }
    out.println();
    for (Fault.Kind kind : Fault.Kind.values()) {
      tell(kind, result.verdict());
    }
    result.shortcomings().forEach(shortcoming -> out.println("not as planned: " + shortcoming));
    out.println(result.right() ? "All is right." : "Not all is right.");
  }

  private void run(Plan plan, Outcome outcome) {
    Tally tally = outcome.tally();
    line("sessions", "%,d of %,d".formatted(tally.finished(), plan.sessions().size()));
    if (outcome.web()) {
      line("held by the web library", share(tally.webSessions(), tally.finished()));
    }
    line("users", "%,d, of whom %,d never came".formatted(plan.users().size(), plan.absentees()));
    line("contact pairs", "%,d".formatted(plan.contacts().pairs()));
    line("people online at the peak", "%,d".formatted(outcome.peakPeople()));
    line(
        "sessions online at the peak",
        "%,d, %,d of one user".formatted(outcome.peakSessions(), outcome.peakDevices()));
    line("largest slip of the schedule", "%.2f s".formatted(tally.maxSlipSeconds()));
    line("heartbeats", "%,d".formatted(tally.heartbeats()));
    line("status changes sent", "%,d".formatted(tally.statusChanges()));
    line(
        "cuts",
        "%,d, of which %,d dropped the TCP connection"
            .formatted(tally.streamsCut(), tally.connectionsDropped()));
    long resumes = tally.resumesSame() + tally.resumesOther();
    line("resumes on the same server", "%,d".formatted(tally.resumesSame()));
    line("resumes on the other server", share(tally.resumesOther(), resumes));
    if (outcome.web()) {
      line("resumes by the web library", share(tally.webResumes(), resumes));
    }
    line(
        "away before a resume",
        "%.2f to %.2f s".formatted(tally.minAwaySeconds(), tally.maxAwaySeconds()));
    line("server CPU-seconds", "%.1f".formatted(outcome.serverCpu().toMillis() / 1e3));
    line("took", "%.0f s".formatted(outcome.length().toMillis() / 1e3));
  }

  private void seen(Outcome outcome, Verdict verdict) {
    Latencies latencies = verdict.latencies();
    line("changes outside snapshots", "%,d".formatted(outcome.tally().changes()));
    line("updates checked", "%,d".formatted(verdict.updatesChecked()));
    line(
        "latency of an update",
        "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms (%,d)"
            .formatted(
                latencies.percentileMillis(50),
                latencies.percentileMillis(90),
                latencies.percentileMillis(99),
                latencies.percentileMillis(99.9),
                latencies.percentileMillis(100),
                latencies.count()));
    line(
        "checkpoints",
        "%d of %d, with %,d people or more; %,d views compared"
            .formatted(
                outcome.checkpoints().size(),
                outcome.planned().timesMillis().size(),
                outcome.checkpoints().stream().mapToInt(Checkpoint::people).min().orElse(0),
                verdict.viewsCompared()));
    line("rows compared", "%,d".formatted(verdict.rowsCompared()));
  }

  private void tell(Fault.Kind kind, Verdict verdict) {
    verdict.faults().stream()
        .filter(fault -> fault.kind() == kind)
        .limit(TOLD_OF_A_KIND)
        .forEach(
            fault ->
                out.printf(
                    "%s: user %s, session %s, at %s: %s%n",
                    kind.words(),
                    fault.user(),
                    fault.sessionId(),
                    Instant.ofEpochMilli(fault.atWallMillis()),
                    fault.detail()));
    long more = verdict.count(kind) - TOLD_OF_A_KIND;
    if (more > 0) {
      out.printf("… and %,d more %ss%n", more, kind.words());
    }
  }

  private static String share(long part, long whole) {
    return "%,d of %,d, %.1f %%".formatted(part, whole, 100.0 * part / Math.max(1, whole));
  }

  private void line(String name, String value) {
    out.printf("%-30s %s%n", name, value);
  }
}
