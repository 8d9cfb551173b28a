/** The replay as a whole. */
@NullMarked
package dev.presence.lab.replay;

import org.jspecify.annotations.NullMarked;
