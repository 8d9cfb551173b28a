package dev.presence.server.model;

/**
 * What a session is known by. Its id is good only together with its user, so that nobody can touch
 * another's session, whatever id a client sends.
 *
 * @param id the session
 * @param user whose it is
 */
public record SessionKey(SessionId id, UserId user) {}
