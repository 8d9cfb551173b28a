package dev.presence.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is: exactly one of {@code url} and {@code file}.
 *
 * @param url of a single server, {@code redis://host:port/database} or {@code rediss://…}
 * @param file a Redisson configuration in YAML
 * @param username null: the default user
 * @param password null: none, or the file's
 */
public record RedisConfig(
    @Nullable String url,
    @Nullable Path file,
    @Nullable String username,
    @Nullable Secret password) {}
