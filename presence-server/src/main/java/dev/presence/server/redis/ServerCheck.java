package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at start whether every master is a Redis that keeps what it is given, and knows the
 * scripts' dialect.
 */
final class ServerCheck {

  private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);

  private static final int OLDEST_MAJOR = 7;
  private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:((\\d+)\\S*)");
  private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:(\\S+)");

  private ServerCheck() {}

  /**
   * Asks all masters. Blocks.
   *
   * @throws IllegalStateException if one will not do, with a message for the operator
   */
  static void check(RedissonClient redis, String name) {
    byte[] infos =
        redis
            .getScript(ByteArrayCodec.INSTANCE)
            .eval(
                RScript.Mode.READ_WRITE,
                LuaScript.source("server_info.lua"),
                RScript.ReturnType.VALUE,
                ServerCheck::join);
    check(new String(infos, UTF_8), name);
  }

  /**
   * Looks at what the masters say of themselves, one INFO after the other.
   *
   * @throws IllegalStateException if one will not do, with a message for the operator
   */
  static void check(String info, String name) {
    Matcher version = VERSION.matcher(info);
    while (version.find()) {
      if (Integer.parseInt(version.group(2)) < OLDEST_MAJOR) {
        throw new IllegalStateException(
            "Redis at %s is of version %s, expected %d.0 or newer"
                .formatted(name, version.group(1), OLDEST_MAJOR));
      }
    }
    Matcher policy = POLICY.matcher(info);
    boolean known = false;
    while (policy.find()) {
      known = true;
      if (!policy.group(1).equals("noeviction")) {
        throw new IllegalStateException(
            "Redis at %s has maxmemory-policy %s, expected noeviction: any other policy silently drops sessions"
                .formatted(name, policy.group(1)));
      }
    }
    if (!known) {
      log.atWarn()
          .addKeyValue("redis", name)
          .log("Redis does not tell its maxmemory-policy; see that it is noeviction");
    }
  }

  private static byte[] join(Collection<byte[]> infos) {
    StringBuilder all = new StringBuilder();
    infos.forEach(info -> all.append(new String(info, UTF_8)).append('\n'));
    return all.toString().getBytes(UTF_8);
  }
}
