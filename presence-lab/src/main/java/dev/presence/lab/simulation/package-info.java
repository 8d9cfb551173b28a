/**
 * The deterministic simulation: servers made of the production classes and clients made of the
 * library's own state machine, on one thread and a clock that nobody waits for. A seed decides
 * everything that happens. {@code Population} and {@code FaultSchedule} make it happen, {@code
 * Oracle} judges. Start at {@link dev.presence.lab.simulation.Simulation}.
 */
@NullMarked
package dev.presence.lab.simulation;

import org.jspecify.annotations.NullMarked;
