package dev.presence.server.presence;

import dev.presence.server.model.Presence;
import dev.presence.server.model.UserId;
import dev.presence.server.roster.Viewer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Answers questions about users: from the replica's memory, with names and stored last seen from
 * the roster source.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class PresenceQueries {

  /** What there is to say of one user. */
  public sealed interface Lookup {
    /** The user's presence, as the viewer may see it. */
    record Found(Presence presence) implements Lookup {}

    /** There is no such user; said only to viewers who see all. */
    record NotFound(UserId user) implements Lookup {}
  }

  /** One visible contact. */
  public record ListedContact(String name, Presence presence) {}

  /**
   * How far the answers can be trusted.
   *
   * @param asOfMillis until when this server's knowledge was complete; meaningful while stale
   */
  public record Freshness(boolean stale, long asOfMillis) {}

  /**
   * Looks users up, one answer each, in the order of the question. Does not block; never fails for
   * want of a roster or database: what cannot be told is UNKNOWN.
   */
  public CompletionStage<List<Lookup>> lookUp(Viewer viewer, List<UserId> users) {
    throw new UnsupportedOperationException();
  }

  /**
   * All visible contacts of {@code owner}: online first by name, then offline by last seen, newest
   * first, never seen last, then by name. Does not block. Fails with {@link
   * dev.presence.server.roster.RosterUnavailableException}.
   */
  public CompletionStage<List<ListedContact>> contacts(UserId owner) {
    throw new UnsupportedOperationException();
  }

  /** How far the answers can be trusted now. */
  public Freshness freshness() {
    throw new UnsupportedOperationException();
  }
}
