@NullMarked
package dev.presence.server.config;

import org.jspecify.annotations.NullMarked;
