/**
 * The parts of the edge, each by itself; how it behaves in front of servers is told in {@code
 * behaviour}.
 */
@NullMarked
package dev.presence.lab.edge;

import org.jspecify.annotations.NullMarked;
