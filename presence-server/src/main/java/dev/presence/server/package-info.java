/**
 * Builds everything in one readable page, starts it in order and drains it in reverse. Start at
 * {@code PresenceServer}.
 */
@NullMarked
package dev.presence.server;

import org.jspecify.annotations.NullMarked;
