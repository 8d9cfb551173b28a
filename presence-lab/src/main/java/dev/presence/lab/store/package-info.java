/**
 * Real stores without Docker or root: they start on the loopback, can be taken away and come back
 * on the same port.
 */
@NullMarked
package dev.presence.lab.store;

import org.jspecify.annotations.NullMarked;
