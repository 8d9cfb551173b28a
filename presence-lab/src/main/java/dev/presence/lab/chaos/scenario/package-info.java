/**
 * What is done to a running fleet, and what must hold while it lasts and after. Start at {@code
 * Scenarios}.
 */
@NullMarked
package dev.presence.lab.chaos.scenario;

import org.jspecify.annotations.NullMarked;
