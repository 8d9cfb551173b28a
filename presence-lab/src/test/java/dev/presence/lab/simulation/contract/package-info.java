/**
 * What the stores promise to the servers' core. The real ones and the fakes of the simulation pass
 * the same tests: what holds in a simulation holds outside, as far as stores go.
 */
@NullMarked
package dev.presence.lab.simulation.contract;

import org.jspecify.annotations.NullMarked;
