/**
 * Stretches of network on the loopback that can be cut, stalled, led elsewhere and read along.
 * Start at {@code Switchboard}.
 */
@NullMarked
package dev.presence.lab.tcp;

import org.jspecify.annotations.NullMarked;
