/**
 * Time and threads as parameters: everything in the core that waits or runs does so through {@link
 * EventLoop}.
 */
@NullMarked
package dev.presence.server.loop;

import org.jspecify.annotations.NullMarked;
