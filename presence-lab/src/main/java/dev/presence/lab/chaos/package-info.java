/**
 * {@code ./presence chaos}: real servers, stores, Envoys and clients, and faults that are done to
 * processes and sockets. The stage is set in {@code stage}, clients are in {@code crowd}, what is
 * done to them in {@code scenario}, and who judges in {@code oracle}. Start at {@code ChaosCommand}
 * and {@code Performance}.
 */
@NullMarked
package dev.presence.lab.chaos;

import org.jspecify.annotations.NullMarked;
