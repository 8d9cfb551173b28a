/**
 * The PostgreSQL schema: SQL in {@code db/migration}, applied by {@link
 * dev.presence.migrations.Migrations}. A deployment applies it once, as a step of its own; servers
 * only validate, so that many of them can start at once.
 */
@NullMarked
package dev.presence.migrations;

import org.jspecify.annotations.NullMarked;
