package dev.presence.server.config;

/**
 * Who this server is.
 *
 * @param name the readable part of its node id, 1 to 60 characters of {@code [A-Za-z0-9.-]}
 * @param lanes how many threads share the users, 1 to 64
 */
public record NodeConfig(String name, int lanes) {}
