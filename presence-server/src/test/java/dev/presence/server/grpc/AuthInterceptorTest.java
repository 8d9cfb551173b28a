package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.PlainJWT;
import dev.presence.server.auth.SigningKey;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, for questions and for streams alike. */
class AuthInterceptorTest {

  private final Instant later = Instant.now().plusSeconds(600);

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.inProcess().serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static void refuses(ErrorReason reason, String authorization) {
    var question =
        TestServer.authorized(PresenceServiceGrpc.newBlockingStub(server.channel()), authorization);
    Errors.refused(
        reason,
        () -> question.getPresence(GetPresenceRequest.newBuilder().setUserId("alice").build()));
    TestStream stream =
        new TestStream(
            TestServer.authorized(PresenceServiceGrpc.newStub(server.channel()), authorization));
    stream.open();
    Errors.check(reason, stream.error());
  }

  @Test
  void shouldRefuseACallWithoutMetadata() {
    var question = PresenceServiceGrpc.newBlockingStub(server.channel());
    Errors.refused(
        ErrorReason.TOKEN_MISSING,
        () -> question.getPresence(GetPresenceRequest.getDefaultInstance()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer  ", "Basic YWxpY2U6c2VjcmV0", "bearer x.y.z"})
  void shouldRefuseACallWithoutABearerToken(String authorization) {
    refuses(ErrorReason.TOKEN_MISSING, authorization);
  }

  @Test
  void shouldRefuseGarbage() {
    refuses(ErrorReason.TOKEN_INVALID, "Bearer x.y.z");
  }

  @Test
  void shouldRefuseAlgorithmNone() {
    var claims = SigningKey.claims("alice", later).build();
    refuses(ErrorReason.TOKEN_INVALID, "Bearer " + new PlainJWT(claims).serialize());
  }

  @Test
  void shouldRefuseAnotherKey() {
    refuses(ErrorReason.TOKEN_INVALID, "Bearer " + new SigningKey("test").token("alice"));
  }

  @Test
  void shouldRefuseAnExpiredToken() {
    var claims = SigningKey.claims("alice", Instant.now().minusSeconds(31)).build();
    refuses(ErrorReason.TOKEN_EXPIRED, "Bearer " + server.key.sign(claims));
  }

  @Test
  void shouldRefuseATokenForSomebodyElse() {
    var claims = SigningKey.claims("alice", later).audience("chat").build();
    refuses(ErrorReason.TOKEN_WRONG_AUDIENCE, "Bearer " + server.key.sign(claims));
  }

  @Test
  void shouldLetInTheOwnerOfARightTokenAgainAndAgain() {
    var calls = server.callsOf("alice");
    for (int i = 0; i < 3; i++) {
      assertThat(
              calls
                  .getPresence(GetPresenceRequest.newBuilder().setUserId("alice").build())
                  .getPresence()
                  .getUserId())
          .isEqualTo("alice");
    }
  }

  @Test
  void shouldTellItsHealthToAnybody() throws IOException {
    try (TestServer starting = TestServer.inProcess()) {
      assertThat(health(starting, "")).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(health(starting, PresenceServiceGrpc.SERVICE_NAME))
          .isEqualTo(ServingStatus.NOT_SERVING);
      starting.serve();
      assertThat(health(starting, "")).isEqualTo(ServingStatus.SERVING);
      assertThat(health(starting, PresenceServiceGrpc.SERVICE_NAME))
          .isEqualTo(ServingStatus.SERVING);
      starting.server.drain();
      assertThat(health(starting, PresenceServiceGrpc.SERVICE_NAME))
          .isEqualTo(ServingStatus.NOT_SERVING);
    }
  }

  private static ServingStatus health(TestServer of, String service) {
    return HealthGrpc.newBlockingStub(of.channel())
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }
}
