package dev.presence.server.journal;

import dev.presence.server.model.SessionKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Where the history learns whether sessions go on somewhere. */
@FunctionalInterface
public interface CarriedSessions {

  /**
   * Which of these sessions some node carries. Does not block; fails while what this server knows
   * of the others may be out of date.
   */
  CompletionStage<Set<SessionKey>> carried(Collection<SessionKey> sessions);
}
