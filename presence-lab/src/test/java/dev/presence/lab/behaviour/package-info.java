/**
 * What must hold, on real server processes and real stores; each class carries the number of the
 * promise it keeps. Tests that mostly wait share one fleet and run side by side.
 */
@NullMarked
package dev.presence.lab.behaviour;

import org.jspecify.annotations.NullMarked;
