package dev.presence.server.presence;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionRecord;
import java.util.function.ObjIntConsumer;

/** What a lane tells the sessions of this node. Calls come on the lane's loop. */
public interface LocalSessions {

  /**
   * Another node has said this of a session, which may be one that we hold, or of the user of one.
   */
  void heard(NodeId node, SessionRecord record);

  /**
   * This server's knowledge is as old as {@code asOfMillis} (shared clock), or is complete again.
   */
  void staleness(boolean stale, long asOfMillis);

  /** This server was taken for lost: close the sessions whose clients have not spoken lately. */
  void backFromLost();

  /** How many sessions there are, by name. */
  void sizes(ObjIntConsumer<String> each);
}
