package dev.presence.lab.chaos.crowd;

/** What a crowd does of itself. Rates are per client and second. */
public enum Mood {
  /** Comes, signs out, vanishes, is cut and resumes. */
  LIVELY(0.004, 0.002, 0.01),
  /** As lively, but nobody vanishes, who would have to be waited for. */
  FAITHFUL(0.004, 0, 0.01),
  /** Stays where it is; who was cut comes back. */
  STILL(0, 0, 0);

  final double signOuts;
  final double vanishings;
  final double cuts;

  Mood(double signOuts, double vanishings, double cuts) {
    this.signOuts = signOuts;
    this.vanishings = vanishings;
    this.cuts = cuts;
  }
}
