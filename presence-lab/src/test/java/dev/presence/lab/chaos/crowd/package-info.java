/** Tests of the crowd. */
@NullMarked
package dev.presence.lab.chaos.crowd;

import org.jspecify.annotations.NullMarked;
