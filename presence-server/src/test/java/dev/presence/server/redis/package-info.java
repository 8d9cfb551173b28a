/** Real Redis, started by {@link dev.presence.server.redis.RedisExtension}. */
@NullMarked
package dev.presence.server.redis;

import org.jspecify.annotations.NullMarked;
