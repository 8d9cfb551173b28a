/**
 * PostgreSQL: the only room that knows jOOQ. {@link dev.presence.server.postgres.PostgresPool}
 * holds the connections; the other public classes are what the core's ports mean here.
 *
 * <p>The package {@code schema} below is generated in the build from the migrations.
 */
@NullMarked
package dev.presence.server.postgres;

import org.jspecify.annotations.NullMarked;
