/**
 * The ports of {@code cluster} on Redis: the only room that knows Redisson. {@link
 * dev.presence.server.redis.RedisKeys} draws the keyspace, the scripts beside these classes hold
 * the rules, {@link dev.presence.server.redis.RedisClients} is the way in.
 */
@NullMarked
package dev.presence.server.redis;

import org.jspecify.annotations.NullMarked;
