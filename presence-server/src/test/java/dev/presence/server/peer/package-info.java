@NullMarked
package dev.presence.server.peer;

import org.jspecify.annotations.NullMarked;
