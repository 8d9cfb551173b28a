package dev.presence.server.config;

import java.nio.file.Path;

/**
 * Whose tokens are accepted.
 *
 * @param jwksFile the public keys
 * @param audience what {@code aud} must contain
 */
public record AuthConfig(Path jwksFile, String audience) {}
