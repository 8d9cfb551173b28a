/**
 * The performance: real client library sessions that come, speak, and go as the plan says, through
 * a transport that cuts them. Start at {@link dev.presence.lab.replay.stage.Performance}.
 */
@NullMarked
package dev.presence.lab.replay.stage;

import org.jspecify.annotations.NullMarked;
