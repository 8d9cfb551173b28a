/**
 * Only for the build: generates the server's jOOQ classes from a real PostgreSQL to which the
 * migrations were applied. Its dependencies are optional, so at run time nobody carries them.
 */
@NullMarked
package dev.presence.migrations.codegen;

import org.jspecify.annotations.NullMarked;
