/**
 * Servers as processes of their own, with the stores behind them: for the launcher, the tests and
 * the replay. Start at {@code Fleet}.
 */
@NullMarked
package dev.presence.lab.fleet;

import org.jspecify.annotations.NullMarked;
