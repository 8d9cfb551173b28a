/**
 * What must have been seen, and whether it was. Truth comes from the plan and from what the clients
 * themselves did and were told, never from a server. Pure: times are numbers in logs, so that every
 * rule can be tested by hand-made cases. Start at {@link dev.presence.lab.replay.oracle.Oracle}.
 *
 * <p>Two clocks: {@code …Micros} is this process's monotonic clock, zero when the run began, for
 * all that lasts; {@code …Wall…} is Unix time, for last seen and history, which the servers take
 * from their shared clock on the same machine.
 */
@NullMarked
package dev.presence.lab.replay.oracle;

import org.jspecify.annotations.NullMarked;
