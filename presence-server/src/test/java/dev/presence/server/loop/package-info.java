/** Time that a test moves. */
@NullMarked
package dev.presence.server.loop;

import org.jspecify.annotations.NullMarked;
