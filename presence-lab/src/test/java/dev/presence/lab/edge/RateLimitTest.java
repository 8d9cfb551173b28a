package dev.presence.lab.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.presence.client.PresenceChannels;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import dev.presence.lab.store.FreePorts;
import dev.presence.lab.store.Orphans;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits on calls, seen from each kind of client. There is no server behind: what is not refused
 * for its rate is refused for that.
 */
@SuppressWarnings("NullAway.Init") // set before each test
class RateLimitTest {

  private static final Path ROOT = Path.of(System.getProperty("presence.root"));
  private static final int FEW = 3;

  @TempDir private Path directory;
  private Orphans orphans;
  private EnvoyProcess envoy;
  private EdgePorts ports;
  private Tokens tokens;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void prepare() {
    orphans = new Orphans();
    ports = EdgePorts.free();
    tokens = new Tokens(DevelopmentKeys.in(directory));
  }

  private void start(String burst, String rate) {
    EdgeConfig config =
        EdgeConfig.development(
                ROOT,
                directory,
                EdgePlan.bare(ports, directory),
                DevCertificate.in(directory),
                DevelopmentKeys.in(directory).jwks())
            .with(burst, FEW)
            .with(rate, 1);
    new Endpoints(config.endpoints()).write(List.of("127.0.0.1:" + FreePorts.any()));
    envoy =
        EnvoyProcess.start(
            EnvoyBinary.find(ROOT, System.getenv()),
            config.write(directory),
            directory,
            ports.admin(),
            orphans);
  }

  @AfterEach
  void stop() {
    envoy.close();
    orphans.close();
    http.close();
  }

  private HttpResponse<String> rest(String token) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + ports.plain() + "/v1/users/bob/presence"))
            .header("authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> web() throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + ports.plain()
                        + "/presence.v1.PresenceService/GetPresence"))
            .header("content-type", "application/grpc-web+proto")
            .header("x-grpc-web", "1")
            .header("origin", "http://localhost:3000")
            .POST(BodyPublishers.ofByteArray(new byte[5]))
            .build(),
        BodyHandlers.ofString());
  }

  private static void checkDetails(Status status) throws InvalidProtocolBufferException {
    Any detail = status.getDetails(0);
    assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED.value());
    assertThat(detail.unpack(ErrorInfo.class))
        .isEqualTo(ErrorInfo.newBuilder().setReason("RATE_LIMITED").setDomain("presence").build());
  }

  @Test
  void shouldRefuseAnAddressThatCallsTooOftenWhateverItSpeaks() throws Exception {
    start("ADDRESS_BURST", "ADDRESS_RATE");
    String token = tokens.user("alice");
    for (int call = 0; call < FEW; call++) {
      assertThat(rest(token).body()).startsWith("{\"code\":14,\"reason\":\"NOT_SERVING\",");
    }
    // On a slow machine, the bucket may fill up between two calls: each is made until it is
    // refused.
    HttpResponse<String> refused =
        Awaitility.await().until(() -> rest(token), answer -> answer.statusCode() == 429);
    assertThat(refused.body()).startsWith("{\"code\":8,\"reason\":\"RATE_LIMITED\",");
    assertThat(refused.headers().firstValue("retry-after")).isPresent();

    HttpResponse<String> web =
        Awaitility.await()
            .until(
                this::web,
                answer ->
                    answer.headers().firstValue("grpc-status").filter("8"::equals).isPresent());
    assertThat(web.statusCode()).as("gRPC-Web clients take the HTTP status first").isEqualTo(200);
    assertThat(web.headers().firstValue("access-control-allow-origin"))
        .contains("http://localhost:3000");
    checkDetails(
        Status.parseFrom(
            Base64.getDecoder()
                .decode(web.headers().firstValue("grpc-status-details-bin").orElseThrow())));

    ManagedChannel channel =
        PresenceChannels.forServers(List.of("127.0.0.1:" + ports.plain()), true);
    try {
      checkDetails(
          Awaitility.await()
              .until(
                  () -> ask(channel),
                  status -> status.getCode() == Code.RESOURCE_EXHAUSTED.value()));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status ask(ManagedChannel channel) {
    Throwable error =
        catchThrowable(
            () ->
                PresenceServiceGrpc.newBlockingStub(channel)
                    .getPresence(GetPresenceRequest.getDefaultInstance()));
    return Objects.requireNonNull(StatusProto.fromThrowable(error));
  }

  @Test
  void shouldLimitEachUserAndNobodyForAnother() throws Exception {
    start("USER_BURST", "USER_RATE");
    Awaitility.await()
        .until(() -> rest(tokens.user("alice")), answer -> answer.statusCode() == 429);
    assertThat(rest(tokens.user("bob")).statusCode()).isEqualTo(503);
  }
}
