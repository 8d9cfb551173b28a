/** The journal, on a clock that the test moves, and on a real PostgreSQL. */
@NullMarked
package dev.presence.server.journal;

import org.jspecify.annotations.NullMarked;
