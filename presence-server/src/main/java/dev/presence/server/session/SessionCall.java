package dev.presence.server.session;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * What a client without a stream up says of its session: by a call of its own, which may arrive at
 * any server.
 *
 * @param session whose session, and which: one that the user does not own is not found
 * @param attempt of the stream that the client believes to carry it
 */
public record SessionCall(SessionKey session, int attempt, Verb verb) {

  /** The same verbs that apps say on their streams. */
  public sealed interface Verb {}

  /**
   * A sign of life.
   *
   * @param hidden whether the page cannot be seen now
   */
  public record Heartbeat(boolean hidden) implements Verb {}

  /**
   * A change of status; null leaves a part as it is.
   *
   * @param wishAtMillis when the user made the wish, by the shared clock; 0: now
   */
  public record Status(
      @Nullable Activity activity, @Nullable Availability availability, long wishAtMillis)
      implements Verb {}

  /** The page goes, and may come back: the grace period begins now. */
  public record Leave() implements Verb {}

  /** The user leaves. */
  public record SignOut() implements Verb {}

  /** What became of a call. */
  public enum Reception {
    /** It counts. */
    TAKEN,
    /** The user has no such session, or has it no more. */
    NOT_FOUND,
    /** The session has lost its stream. */
    SUSPENDED,
    /** A newer attempt carries the session. */
    REPLACED,
    /** The server that holds the session does not answer, or who that is cannot be told now. */
    UNREACHABLE
  }
}
