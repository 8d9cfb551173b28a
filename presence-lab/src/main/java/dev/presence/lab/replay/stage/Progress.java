package dev.presence.lab.replay.stage;

/** Is shown how far a run has come, often: it decides what to make of that. */
public interface Progress {

  /**
   * How far a run has come.
   *
   * @param phase what is being done
   * @param finished sessions that have ended
   * @param sessions all sessions
   * @param people people connected now
   * @param connected sessions connected now
   * @param checkpoints checkpoints so far
   */
  record Moment(
      String phase, long finished, long sessions, int people, int connected, int checkpoints) {}

  /** Shows a moment. */
  void show(Moment moment);
}
