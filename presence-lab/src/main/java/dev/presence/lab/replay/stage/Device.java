package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.plan.StatusChange.Status;

/**
 * What holds one session: a client library and, under it, a path that can be cut. It writes down
 * what it does and is told, and tells its {@link Player} what that is to act upon. The player calls
 * it on the schedule's thread.
 */
interface Device {

  /** Connects with a token. */
  void open(String token);

  /** Whether a stream is up. */
  boolean isUp();

  /** How many changes of status have been sent. */
  int updatesSent();

  /** The user changes the status. */
  void change(Status status);

  /**
   * Cuts the path, and answers with {@link Player#onCut} and {@link Player#onCutOver}. The library
   * is not told: it finds its stream broken, and so does the server.
   *
   * @param awayMillis for how long no new stream gets through; negative: for ever
   * @param nextServer where the next one leads, if that is ours to say
   */
  void cut(long awayMillis, int nextServer);

  /** The user signs out; {@link Player#onGone} follows. */
  void signOut();

  /** Whether it has been asked to end, so that an end is no surprise. */
  boolean isLeaving();

  /** Frees what it holds; {@link Player#onClosed} follows. */
  void close();
}
