/**
 * What is for development and proof: launcher, stores without Docker, replay. No server depends on
 * it. Start at {@code Main}.
 */
@NullMarked
package dev.presence.lab;

import org.jspecify.annotations.NullMarked;
