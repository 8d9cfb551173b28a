/**
 * What holds real clients of both libraries for those who play with many of them, the replay and
 * chaos: the process in which the web library runs, and the clock by which all that happens is
 * written down.
 */
@NullMarked
package dev.presence.lab.clients;

import org.jspecify.annotations.NullMarked;
