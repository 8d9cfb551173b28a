package dev.presence.server.redis;

import static dev.presence.server.redis.RedisExtension.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class RedisClientsTest {

  @RegisterExtension static final RedisExtension redis = new RedisExtension();

  @RegisterExtension
  static final RedisExtension cluster =
      new RedisExtension(
          "--cluster-enabled",
          "yes",
          "--cluster-announce-ip",
          "127.0.0.1",
          "--cluster-port",
          Integer.toString(RedisExtension.freePort()));

  @RegisterExtension
  static final RedisExtension evicting =
      new RedisExtension("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");

  @Test
  void shouldRefuseARedisThatEvicts() {
    assertThatThrownBy(() -> RedisClients.connect(evicting.settings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(evicting.settings().name())
        .hasMessageContaining("maxmemory-policy allkeys-lru, expected noeviction");
  }

  @Test
  void shouldSayThatNobodyIsThere() {
    assertThatThrownBy(() -> RedisClients.connect(RedisSettings.ofUrl("redis://127.0.0.1:1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Redis at redis://127.0.0.1:1 cannot be reached");
  }

  /** One server that is a whole cluster: enough to have keys of two slots refused in one script. */
  @Test
  void shouldWorkOnACluster(@TempDir Path directory) throws IOException {
    assertThat(cluster.command("CLUSTER ADDSLOTSRANGE 0 16383")).isEqualTo("+OK");
    Awaitility.await().until(() -> cluster.command("GET x").startsWith("$"));
    Path file = directory.resolve("redisson.yaml");
    Files.writeString(
        file,
        "clusterServersConfig:\n  nodeAddresses:\n    - \"" + cluster.settings().url() + "\"\n");

    try (RedisClients clients = RedisClients.connect(new RedisSettings(null, file, null, null))) {
      ClusterStore store = clients.store();
      Samples.rewrite(store, Samples.NODE, new Position(1, 1), Samples.sessions(2));
      await(store.publish(Samples.changes(new Position(1, 2), Samples.session(3))));
      var renewal = await(store.renew(Samples.record(Samples.NODE), 0, 0));
      assertThat(renewal.ownHead()).isEqualTo(Head.at(new Position(1, 2)));
      assertThat(await(store.heads(List.of(Samples.NODE, Samples.OTHER)))).hasSize(1);
      assertThat(await(store.read(Samples.NODE)).records()).hasSize(3);
      assertThat(await(store.changes(Samples.NODE, new Position(1, 1), 10)))
          .hasValueSatisfying(changes -> assertThat(changes).hasSize(1));
      await(store.trim(Samples.NODE, 2));
      await(store.expire(Samples.NODE));
      long deadline = renewal.nowMillis();
      assertThat(await(store.markLost(Samples.NODE, deadline))).isTrue();
      assertThat(await(store.forget(Samples.NODE, deadline, Head.at(new Position(1, 2))))).isTrue();
      assertThat(await(store.heads(List.of(Samples.NODE)))).isEmpty();
    }
  }

  @Test
  void shouldUseTheDatabaseOfTheUrl() {
    try (RedisClients clients =
        RedisClients.connect(RedisSettings.ofUrl(redis.settings().url() + "/3"))) {
      Samples.rewrite(clients.store(), Samples.NODE, new Position(1, 1), List.of());

      assertThat(redis.raw().getKeys().count()).isZero();
      assertThat(await(clients.store().heads(List.of(Samples.NODE)))).hasSize(1);
    }
  }

  @Test
  void shouldConnectByARedissonFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("redisson.yaml");
    Files.writeString(file, "singleServerConfig:\n  address: \"" + redis.settings().url() + "\"\n");

    try (RedisClients clients = RedisClients.connect(new RedisSettings(null, file, null, null))) {
      assertThat(Samples.rewrite(clients.store(), Samples.NODE, new Position(1, 1), List.of()))
          .isTrue();
    }
  }

  @Test
  void shouldSayWhatIsWrongWithTheSettings() {
    assertThatThrownBy(() -> RedisSettings.ofUrl("http://localhost"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected redis://host:port/database");
    assertThatThrownBy(() -> RedisSettings.ofUrl("redis://user:secret@localhost"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> RedisSettings.ofUrl("redis://user:sec ret@localhost"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("sec ret")
        .hasNoCause();
    assertThat(new RedisSettings("redis://localhost", null, "presence", "secret").toString())
        .doesNotContain("secret");
    assertThatThrownBy(() -> new RedisSettings(null, null, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
