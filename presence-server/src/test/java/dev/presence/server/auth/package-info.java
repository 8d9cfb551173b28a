@NullMarked
package dev.presence.server.auth;

import org.jspecify.annotations.NullMarked;
