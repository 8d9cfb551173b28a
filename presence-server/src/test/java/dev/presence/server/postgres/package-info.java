/** PostgreSQL in tests: always a real one. */
@NullMarked
package dev.presence.server.postgres;

import org.jspecify.annotations.NullMarked;
