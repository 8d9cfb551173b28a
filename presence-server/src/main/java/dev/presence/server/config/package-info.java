/**
 * What an operator may say: records with their defaults and units, from a properties file and the
 * environment, checked once at the start. Start at {@link dev.presence.server.config.ServerConfig};
 * the table of all settings is {@code Setting}.
 */
@NullMarked
package dev.presence.server.config;

import org.jspecify.annotations.NullMarked;
