package dev.presence.client;

import java.time.Duration;
import java.time.Instant;

/**
 * What a server said when it accepted a stream.
 *
 * @param sessionId the session's id; it stays the same over reconnects for as long as the servers
 *     know the session
 * @param resumed whether an earlier session goes on; false for a new one
 * @param node the server that holds the session now
 * @param serverTime the servers' clock at that moment
 * @param gracePeriod how long a lost connection stays hidden from others
 * @param availability the user's own wish, as stored
 */
public record SessionInfo(
    String sessionId,
    boolean resumed,
    String node,
    Instant serverTime,
    Duration gracePeriod,
    Availability availability) {}
