package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.NodeId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.redisson.connection.CRC16;

final class RedisKeysTest {

  private static final int SLOTS = 16_384;
  private static final int NODES = 200;

  private final Random random = new Random(7);

  @Test
  void shouldKeepAllOfANodeInOneSlot() {
    for (NodeId node : nodes()) {
      List<String> keys = RedisKeys.part(node).stream().map(String::valueOf).toList();
      assertThat(keys).hasSize(4).contains(RedisKeys.topic(node));
      assertThat(keys.stream().map(RedisKeysTest::slot).distinct()).hasSize(1);
    }
    assertThat(slot(RedisKeys.CLOCK)).isEqualTo(slot(RedisKeys.NODES));
  }

  /** A master more or less full by half is what 200 nodes make of chance; none is left out. */
  @Test
  void shouldSpreadNodesOverTheMasters() {
    for (int masters : List.of(3, 6, 9)) {
      int[] nodes = new int[masters];
      nodes().forEach(node -> nodes[slot(RedisKeys.head(node)) * masters / SLOTS]++);

      double share = (double) NODES / masters;
      assertThat(Arrays.stream(nodes).boxed())
          .as("nodes on each of %d masters", masters)
          .allSatisfy(count -> assertThat((double) count).isBetween(share * 0.5, share * 1.5));
    }
  }

  /** As servers of one deployment are named, all started in the same minute. */
  private List<NodeId> nodes() {
    return IntStream.range(0, NODES)
        .mapToObj(
            number -> {
              byte[] nonce = new byte[4];
              random.nextBytes(nonce);
              long started = 1_767_225_600_000L + random.nextInt(60_000);
              String boot = Long.toString(started, Character.MAX_RADIX);
              return new NodeId(
                  "presence-%d-%s-%s".formatted(number, boot, HexFormat.of().formatHex(nonce)));
            })
        .toList();
  }

  /** By what stands between the braces, as Redis does. */
  private static int slot(String key) {
    String tag = key.substring(key.indexOf('{') + 1, key.indexOf('}'));
    return CRC16.crc16(tag.getBytes(US_ASCII)) % SLOTS;
  }
}
