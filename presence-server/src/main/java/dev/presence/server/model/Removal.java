package dev.presence.server.model;

/**
 * A session that a node drops from its map without any event: another node carries it on, or a
 * tombstone's time is over.
 *
 * @param id the session
 * @param user whose it is
 */
public record Removal(SessionId id, UserId user) {}
