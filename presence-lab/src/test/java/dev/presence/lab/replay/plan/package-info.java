/** Tests of the plan. */
@NullMarked
package dev.presence.lab.replay.plan;

import org.jspecify.annotations.NullMarked;
