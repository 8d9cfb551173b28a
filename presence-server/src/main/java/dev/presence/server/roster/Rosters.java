package dev.presence.server.roster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Rosters as they are needed. First form, one query per user and nothing remembered: the room's
 * owner makes it better.
 */
public final class Rosters {

  private final RosterSource source;
  private final Executor executor;

  /** Loads from {@code source}, which blocks, on {@code executor}. */
  public Rosters(RosterSource source, EventLoop loop, Executor executor) {
    this.source = source;
    this.executor = executor;
    if (loop.nowMillis() == Long.MIN_VALUE) {
      throw new IllegalArgumentException("the loop has no clock");
    }
  }

  /** A user's roster; a user who does not exist has an empty one. */
  public CompletableFuture<Roster> roster(UserId user) {
    return CompletableFuture.supplyAsync(
        () -> {
          RosterSource.StoredRoster stored = source.rosters(List.of(user)).get(user);
          Map<UserId, String> contacts = new LinkedHashMap<>();
          if (stored == null) {
            return new Roster(Wish.NONE, contacts);
          }
          stored.contacts().forEach(contact -> contacts.put(contact.user(), contact.name()));
          return new Roster(stored.wish(), contacts);
        },
        executor);
  }

  /** Users as stored, without their contacts; one who does not exist is missing. */
  public CompletableFuture<Map<UserId, RosterSource.StoredUser>> users(Collection<UserId> users) {
    return CompletableFuture.supplyAsync(() -> source.users(users), executor);
  }
}
