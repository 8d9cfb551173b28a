/** Tests of the transport that cuts. */
@NullMarked
package dev.presence.lab.replay.stage;

import org.jspecify.annotations.NullMarked;
