package dev.presence.lab.replay.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A row of the session history.
 *
 * @param sessionId the session
 * @param user its user's id
 * @param openedWallMillis when it opened
 * @param lastSignWallMillis its last sign of life
 * @param closeReason why it ended; null while it is open
 */
public record HistoryRow(
    String sessionId,
    String user,
    long openedWallMillis,
    long lastSignWallMillis,
    @Nullable String closeReason) {}
