/**
 * The sessions of this node: their state machine, registry and deadlines. Start at {@code
 * Sessions}.
 */
@NullMarked
package dev.presence.server.session;

import org.jspecify.annotations.NullMarked;
