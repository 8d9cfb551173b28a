/** Tests of the network that can be torn. */
@NullMarked
package dev.presence.lab.tcp;

import org.jspecify.annotations.NullMarked;
