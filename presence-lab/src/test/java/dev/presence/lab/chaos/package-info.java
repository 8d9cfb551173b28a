/** Chaos in the build, and whether it finds what it is there to find. */
@NullMarked
package dev.presence.lab.chaos;

import org.jspecify.annotations.NullMarked;
