package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.v1.ServerMessage;
import java.util.List;

/**
 * A hand on the wire, between the servers and the Java library. Thread-safe: web sessions, whose
 * wire is elsewhere, begin on another thread.
 */
public interface Tap {

  /** Leaves everything as it is. */
  Tap NONE = (client, message) -> List.of(message);

  /** A client has been told hello for the first time, whatever library holds its session. */
  default void began(PlannedSession client) {}

  /**
   * A message came for a client.
   *
   * @return what the client gets instead, in order
   */
  List<ServerMessage> pass(PlannedSession client, ServerMessage message);
}
