/**
 * Real clients of both libraries, each on a line of its own, who come, go, are cut and resume.
 * Start at {@code Crowd}.
 */
@NullMarked
package dev.presence.lab.chaos.crowd;

import org.jspecify.annotations.NullMarked;
