/**
 * Judges a run by what clients wrote down themselves: what each did, and what its app was told. No
 * server is asked. Start at {@code Judge}.
 */
@NullMarked
package dev.presence.lab.chaos.oracle;

import org.jspecify.annotations.NullMarked;
