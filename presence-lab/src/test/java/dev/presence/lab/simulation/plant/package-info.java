/**
 * The simulation on trial: bugs are planted into single production classes, and each has to be
 * found by the invariant that is there for it. Start at {@code PlantedBugsTest}.
 */
@NullMarked
package dev.presence.lab.simulation.plant;

import org.jspecify.annotations.NullMarked;
