/**
 * The cores of several servers on one hand-moved clock and an in-memory bus. A fault is a line of a
 * test, and every run is the same.
 */
@NullMarked
package dev.presence.server.simulation;

import org.jspecify.annotations.NullMarked;
