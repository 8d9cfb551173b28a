package dev.presence.lab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.edge.DevCertificate;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.redis.RedisClients;
import dev.presence.server.redis.RedisSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * A Redis that is reached by TLS, and by a user with the rights of the operator's page. That a
 * server needs no others is also shown by the contracts of the store, which run as this user.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRightsTest {

  private static final NodeId NODE = new NodeId("server");
  private static final String STORE_PASSWORD = "changeit";

  private final Orphans orphans = new Orphans();
  private final LocalRedis redis;
  private final int tlsPort = FreePorts.any();
  private final Path file;

  RedisRightsTest(@TempDir Path directory) throws Exception {
    DevCertificate certificate = DevCertificate.in(directory);
    List<String> options = new ArrayList<>(RedisUser.options());
    options.addAll(List.of("--tls-port", Integer.toString(tlsPort), "--tls-auth-clients", "no"));
    options.addAll(List.of("--tls-cert-file", certificate.certificate().toString()));
    options.addAll(List.of("--tls-ca-cert-file", certificate.certificate().toString()));
    options.addAll(List.of("--tls-key-file", certificate.key().toString()));
    redis = LocalRedis.start(FreePorts.any(), directory, orphans, options.toArray(String[]::new));
    file = directory.resolve("redisson.yaml");
    Files.writeString(
        file,
        """
        singleServerConfig:
          address: "rediss://127.0.0.1:%d"
        sslTruststore: "%s"
        sslTruststorePassword: "%s"
        """
            .formatted(
                tlsPort, truststore(certificate, directory).toUri().toURL(), STORE_PASSWORD));
  }

  /** As {@code keytool -importcert} makes it. Redisson reads no PEM. */
  private static Path truststore(DevCertificate certificate, Path directory) throws Exception {
    Path file = directory.resolve("authority.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(certificate.certificate());
        OutputStream out = Files.newOutputStream(file)) {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      store.setCertificateEntry("redis", x509.generateCertificate(pem));
      store.store(out, STORE_PASSWORD.toCharArray());
    }
    return file;
  }

  @AfterAll
  void close() {
    redis.close();
    orphans.close();
  }

  @Test
  void shouldBeReachedByTlsAndByAUserOfItsOwn() {
    List<Position> heard = new CopyOnWriteArrayList<>();
    try (RedisClients clients =
        RedisClients.connect(new RedisSettings(null, file, RedisUser.NAME, RedisUser.PASSWORD))) {
      await(clients.store().beginRewrite(NODE, 1));
      await(clients.store().endRewrite(NODE, new Position(1, 1), 0));
      List<Integer> subscribed = new CopyOnWriteArrayList<>();
      clients
          .topic()
          .subscribe(NODE, change -> heard.add(change.position()), () -> subscribed.add(1));
      Awaitility.await().until(() -> !subscribed.isEmpty());
      ChangeSet next = new ChangeSet(NODE, new Position(1, 2), 1, false, List.of(), List.of());
      assertThat(await(clients.store().publish(next))).isTrue();
      Awaitility.await().until(() -> heard.contains(new Position(1, 2)));
    }
    assertThat(RedisUser.refused(redis.nodes().getFirst())).as("refused").isEmpty();
  }

  @Test
  void shouldNotTrustACertificateThatNobodyVouchesFor() {
    RedisSettings settings =
        new RedisSettings(
            "rediss://127.0.0.1:" + tlsPort, null, RedisUser.NAME, RedisUser.PASSWORD);
    assertThatThrownBy(() -> RedisClients.connect(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void shouldRefuseTheUserWhatItNeedsNot() {
    Config config = new Config();
    config.setUsername(RedisUser.NAME).setPassword(RedisUser.PASSWORD);
    config.useSingleServer().setAddress(redis.url()).setConnectionMinimumIdleSize(1);
    RedissonClient client = Redisson.create(config.setCodec(StringCodec.INSTANCE));
    try {
      assertThatThrownBy(() -> client.getKeys().flushall()).hasMessageContaining("NOPERM");
      assertThatThrownBy(() -> client.getBucket("another:key").set("x"))
          .hasMessageContaining("NOPERM");
      assertThatThrownBy(() -> client.getTopic("another").publish("x"))
          .hasMessageContaining("NOPERM");
      assertThatThrownBy(() -> client.getKeys().count()).hasMessageContaining("NOPERM");
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
      redis.nodes().getFirst().ask("ACL", "LOG", "RESET");
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
