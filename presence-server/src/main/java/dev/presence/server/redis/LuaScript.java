package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * A script beside this class, sent by its digest. Redisson loads it again where a server does not
 * know it, and sends it again where no answer came: a script may run more than once for one call,
 * and each of ours says how it bears that.
 */
final class LuaScript {

  private static final Pattern INCLUDE = Pattern.compile("(?m)^-- include (\\S+)$");

  private final RScript scripts;
  private final String source;

  LuaScript(RedissonClient redis, String file) {
    scripts = redis.getScript(ByteArrayCodec.INSTANCE);
    source = source(file);
  }

  /** Runs it where the first key lies. The reply is an integer. */
  CompletionStage<Long> evalToLong(List<Object> keys, List<byte[]> arguments) {
    return scripts.evalAsync(
        RScript.Mode.READ_WRITE, source, RScript.ReturnType.LONG, keys, arguments.toArray());
  }

  /** Runs it where the first key lies. The reply is a list of byte[], Long and lists. */
  CompletionStage<List<Object>> evalToList(List<Object> keys, List<byte[]> arguments) {
    return scripts.evalAsync(
        RScript.Mode.READ_WRITE, source, RScript.ReturnType.LIST, keys, arguments.toArray());
  }

  /** A script's text, with the files that it includes. */
  static String source(String file) {
    return INCLUDE
        .matcher(read(file))
        .replaceAll(include -> Matcher.quoteReplacement(read(include.group(1))));
  }

  private static String read(String file) {
    try (InputStream stream = LuaScript.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("the script " + file + " is missing from the jar");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the script " + file + " cannot be read", e);
    }
  }

  static byte[] argument(String text) {
    return text.getBytes(US_ASCII);
  }

  static byte[] argument(long number) {
    return argument(Long.toString(number));
  }
}
