/** Rosters, on a clock that the test moves. */
@NullMarked
package dev.presence.server.roster;

import org.jspecify.annotations.NullMarked;
