/** The writer of session history and last seen. Start at {@code Journal}. */
@NullMarked
package dev.presence.server.journal;

import org.jspecify.annotations.NullMarked;
