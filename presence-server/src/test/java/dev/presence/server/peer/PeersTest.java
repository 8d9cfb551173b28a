package dev.presence.server.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.Witnesses.Testimony;
import dev.presence.server.config.InternalConfig;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.UserId;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two servers speak to each other on a real port. */
class PeersTest {

  private static final SessionKey SESSION =
      new SessionKey(SessionId.create(1, new Random(1)), new UserId("alice"));
  private static final SessionCall HEARTBEAT =
      new SessionCall(SESSION, 3, new SessionCall.Heartbeat(true));

  @TempDir private Path directory;
  private volatile boolean storeAnswers;
  private final List<SessionCall> taken = new ArrayList<>();
  private final List<String> orders = new CopyOnWriteArrayList<>();
  private final List<String> askers = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static InternalConfig config(InternalConfig.@Nullable Tls tls) throws IOException {
    int port = freePort();
    return new InternalConfig("127.0.0.1", port, "127.0.0.1:" + port, tls);
  }

  private InternalConfig serve(InternalConfig config) throws IOException {
    PeerServer server =
        new PeerServer(
            config,
            call -> {
              taken.add(call);
              return CompletableFuture.completedFuture(Reception.TAKEN);
            },
            (asker, alone) -> {
              askers.add(asker + (alone ? " alone" : ""));
              return storeAnswers;
            },
            hurry -> {
              orders.add(hurry ? "hurry" : "leave");
              return CompletableFuture.completedFuture(7);
            });
    server.start();
    open.add(server::stop);
    return config;
  }

  private Reception tell(InternalConfig from, String address, SessionCall call) throws IOException {
    PeerChannels channels = new PeerChannels(from);
    open.add(channels);
    return channels
        .tell(address, call)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void shouldTakeAnOrderToLeave() throws IOException {
    InternalConfig server = serve(config(null));
    PeerChannels channels = new PeerChannels(config(null));
    open.add(channels);
    assertThat(channels.drain(server.address(), false).join()).hasValue(7);
    assertThat(channels.drain(server.address(), true).join()).hasValue(7);
    assertThat(orders).containsExactly("leave", "hurry");
    assertThat(channels.drain(config(null).address(), false).join()).isEmpty();
  }

  private Testimony ask(InternalConfig from, String address) throws IOException {
    return ask(from, address, false);
  }

  private Testimony ask(InternalConfig from, String address, boolean alone) throws IOException {
    PeerChannels channels = new PeerChannels(from);
    open.add(channels);
    return channels
        .reachesStore(address, alone)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void shouldTellOthersWhetherTheStoreAnswers() throws IOException {
    InternalConfig other = serve(config(null));
    assertThat(ask(config(null), other.address())).isEqualTo(Testimony.AWAY);
    storeAnswers = true;
    assertThat(ask(config(null), other.address())).isEqualTo(Testimony.REACHED);
  }

  @Test
  void shouldSayWhereItCanBeAskedInItsTurnAndWhetherItTakesClientsAlone() throws IOException {
    InternalConfig other = serve(config(null));
    InternalConfig self = config(null);
    ask(self, other.address());
    ask(self, other.address(), true);
    assertThat(askers).containsExactly(self.address(), self.address() + " alone");
  }

  @Test
  void shouldNoticeThatAServerDoesNotAnswerAtAll() throws IOException {
    InternalConfig nobody = config(null);
    assertThat(ask(nobody, nobody.address())).isEqualTo(Testimony.SILENT);
  }

  static List<SessionCall.Verb> verbs() {
    return List.of(
        new SessionCall.Heartbeat(true),
        new SessionCall.Heartbeat(false),
        new SessionCall.Status(Activity.AWAY, null, 0),
        new SessionCall.Status(null, Availability.BUSY, 1_234),
        new SessionCall.Status(Activity.ACTIVE, Availability.AVAILABLE, 0),
        new SessionCall.Leave(),
        new SessionCall.SignOut());
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void shouldHandOverEveryVerbAsItWasSaid(SessionCall.Verb verb) throws IOException {
    InternalConfig server = serve(config(null));
    SessionCall call = new SessionCall(SESSION, 2, verb);
    assertThat(tell(server, server.address(), call)).isEqualTo(Reception.TAKEN);
    assertThat(taken).containsExactly(call);
  }

  @Test
  void shouldSayThatAServerIsUnreachableWhenNobodyListens() throws IOException {
    InternalConfig nobody = config(null);
    assertThat(tell(nobody, nobody.address(), HEARTBEAT)).isEqualTo(Reception.UNREACHABLE);
  }

  private static boolean nobodyListens(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException e) {
      return false;
    }
  }

  /** gRPC's own pauses between its tries to connect grow to two minutes. */
  @Test
  void shouldReachAServerSoonThatIsStartedAgain() throws Exception {
    InternalConfig server = config(null);
    PeerChannels channels = new PeerChannels(server);
    open.add(channels);
    assertThat(channels.tell(server.address(), HEARTBEAT).toCompletableFuture().get())
        .isEqualTo(Reception.UNREACHABLE);
    // So long that the pause has grown beyond what is waited for below.
    Awaitility.await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(5))
        .until(() -> nobodyListens(server.port()));
    serve(server);
    Awaitility.await()
        .atMost(Duration.ofSeconds(1))
        .until(
            () ->
                channels.tell(server.address(), HEARTBEAT).toCompletableFuture().get()
                    == Reception.TAKEN);
  }

  @Test
  void shouldHearOnlyThoseWhoProveThatTheyBelongToTheFleet() throws Exception {
    InternalConfig.Tls fleet = certificate("fleet");
    InternalConfig server = serve(config(fleet));
    assertThat(tell(config(fleet), server.address(), HEARTBEAT)).isEqualTo(Reception.TAKEN);
    InternalConfig.Tls own = certificate("stranger");
    InternalConfig.Tls stranger =
        new InternalConfig.Tls(own.certificate(), own.key(), fleet.authority());
    assertThat(tell(config(stranger), server.address(), HEARTBEAT))
        .isEqualTo(Reception.UNREACHABLE);
    assertThat(tell(config(null), server.address(), HEARTBEAT)).isEqualTo(Reception.UNREACHABLE);
    assertThat(taken).hasSize(1);
  }

  /** A key with a certificate that it signed itself, which so is its own authority. */
  private InternalConfig.Tls certificate(String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "peer",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    Path certificate = directory.resolve(name + ".crt");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("peer").getEncoded()));
    Path key = directory.resolve(name + ".key");
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("peer", "changeit".toCharArray()).getEncoded()));
    return new InternalConfig.Tls(certificate, key, certificate);
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(
            kind, Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content), kind);
  }
}
