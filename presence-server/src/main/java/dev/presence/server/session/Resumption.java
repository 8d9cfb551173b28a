package dev.presence.server.session;

import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import org.jspecify.annotations.Nullable;

/** What becomes of an Open: decided in one place, from what is known, and returned as a value. */
sealed interface Resumption {

  /** A new session. */
  record Begin() implements Resumption {}

  /** A new session; the id that was asked for is known to nobody, and is ended for all. */
  record BuryAndBegin(SessionId id) implements Resumption {}

  /** The session is here. */
  record Continue(Session session) implements Resumption {}

  /**
   * The session moves here: from another node, or, where not all is known now, on its client's
   * word.
   *
   * @param known what is known of it
   */
  record TakeOver(SessionId id, @Nullable SessionRecord known) implements Resumption {}

  /** An attempt as high, or higher, has been seen. */
  record Refuse() implements Resumption {}

  /**
   * Decides.
   *
   * @param command what the client asks for
   * @param here the session of that id on this node, whosever it is
   * @param known what any node says of this user's session of that id, with the highest attempt
   * @param endedAt the attempt with which that session is known to have ended, 0 if it is not
   * @param uncertain whether this server's knowledge of other nodes is stale or incomplete
   */
  static Resumption of(
      OpenCommand command,
      @Nullable Session here,
      @Nullable SessionRecord known,
      int endedAt,
      boolean uncertain) {
    SessionId wanted = command.resume();
    boolean foreign = here != null && !here.user.equals(command.user());
    if (wanted == null || foreign) {
      return new Begin();
    }
    boolean ended = endedAt > 0;
    int highest = Math.max(here == null ? 0 : here.attempt, known == null ? 0 : known.attempt());
    // An Open that its client has outrun, be it by a newer one or by signing out, begins nothing.
    if (Math.max(highest, endedAt) >= command.attempt()) {
      return new Refuse();
    }
    if (here != null) {
      return new Continue(here);
    }
    if (known != null || (uncertain && !ended)) {
      return new TakeOver(wanted, known);
    }
    return ended ? new Begin() : new BuryAndBegin(wanted);
  }
}
