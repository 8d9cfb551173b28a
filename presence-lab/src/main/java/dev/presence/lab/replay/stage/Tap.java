package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.v1.ServerMessage;
import java.util.List;

/**
 * A hand on the wire, between the servers and the client library. All methods are called on one
 * thread.
 */
public interface Tap {

  /** Leaves everything as it is. */
  Tap NONE = (client, message) -> List.of(message);

  /**
   * A message came for a client.
   *
   * @return what the client gets instead, in order
   */
  List<ServerMessage> pass(PlannedSession client, ServerMessage message);
}
