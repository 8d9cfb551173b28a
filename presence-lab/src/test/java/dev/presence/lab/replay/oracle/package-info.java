/** Hand-made cases for every rule of the oracle. */
@NullMarked
package dev.presence.lab.replay.oracle;

import org.jspecify.annotations.NullMarked;
