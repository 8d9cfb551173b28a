package dev.presence.lab.replay.plan;

/** How a session ends when its time is over. */
public enum Ending {
  /** The user signs out. */
  SIGN_OUT,
  /** The path is cut without a word, and the client never returns. */
  CUT,
  /** The path is cut, the client stays away for a while, resumes, goes on, and signs out. */
  CUT_AND_RESUME
}
