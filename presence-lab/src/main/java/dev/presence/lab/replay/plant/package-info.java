/**
 * Faults on purpose, to see that they are found. The checker does not know of them, and nothing
 * that judges may look in here.
 */
@NullMarked
package dev.presence.lab.replay.plant;

import org.jspecify.annotations.NullMarked;
