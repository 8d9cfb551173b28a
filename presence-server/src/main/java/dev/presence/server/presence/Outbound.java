package dev.presence.server.presence;

import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.SessionId;
import java.util.List;

/** What a server says on a stream, before it is put into the words of the protocol. */
public sealed interface Outbound {

  /**
   * The session is on.
   *
   * @param resumed whether it is the one that was asked for
   * @param serverTimeMillis the shared clock
   * @param availability the user's own wish
   */
  record Hello(SessionId session, boolean resumed, long serverTimeMillis, Availability availability)
      implements Outbound {}

  /**
   * A part of the snapshot.
   *
   * @param complete who has not been listed by now is offline
   * @param lastSeenComplete all last seen times have been listed by now
   */
  record SnapshotPart(List<SharedPresence> presences, boolean complete, boolean lastSeenComplete)
      implements Outbound {}

  /** What has changed. */
  record Changes(List<SharedPresence> presences) implements Outbound {}

  /** All heartbeats up to this one have arrived. */
  record HeartbeatAck(long sequence) implements Outbound {}

  /** Asks for a sign of life. */
  record Ping(long sequence) implements Outbound {}

  /**
   * How far this server's knowledge can be trusted.
   *
   * @param asOfMillis until when it was complete; meaningful while stale
   */
  record ServerState(boolean stale, long asOfMillis, boolean rosterPending) implements Outbound {}

  /**
   * Asks the client to move to another server, while this stream goes on.
   *
   * @param withinMillis within which time, at a random moment
   */
  record Drain(long withinMillis) implements Outbound {}

  /** With this a stream ends. */
  sealed interface LastWord extends Outbound {}

  /** The stream ends in an orderly way. */
  record Closed(CloseReason reason, Advice advice) implements LastWord {}

  /**
   * The stream did not get its turn, since there are too many. Said by the status of the call: no
   * message has gone out.
   *
   * @param retryAfterMillis when the client may try again, counted from now
   */
  record Refused(long retryAfterMillis) implements LastWord {}

  /** What the client is asked to do after {@link Closed}; the public {@code ReconnectAdvice}. */
  enum Advice {
    /** Reconnect by the usual rules. */
    RECONNECT,
    /** The same, to another server. */
    RECONNECT_ELSEWHERE,
    /** Get a new token first. */
    NEW_TOKEN,
    /** Do not reconnect. */
    STOP
  }
}
