/** Who may see whom. Start at {@code Rosters}. */
@NullMarked
package dev.presence.server.roster;

import org.jspecify.annotations.NullMarked;
