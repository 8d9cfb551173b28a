package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingStub;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.UpdateStatus;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("B8")
@ExtendWith(World.Shared.class)
@SuppressWarnings("NullAway.Init") // set before each test
class B8BadInputTest {

  private static final int FIVE_MEGABYTES = 5 * 1024 * 1024;

  private final World world;
  private final Tokens tokens;
  private String user;
  private Stub.Stream bystander;
  private long heartbeats;

  @TempDir private Path directory;

  B8BadInputTest(World world) {
    this.world = world;
    tokens = world.fleet().tokens();
  }

  @BeforeEach
  void letSomebodyStandBy() {
    user = world.friendOf();
    bystander = new Stub.Stream(world.channel(0), tokens.user(world.friendOf()));
    bystander.send(Stub.open()).await(KindCase.HELLO);
  }

  @AfterEach
  void letHimGo() {
    checkNobodyElseIsHarmed();
    bystander.signOut();
    bystander.await(KindCase.CLOSED);
  }

  /** The bystander's stream is on the same connection. */
  private void checkNobodyElseIsHarmed() {
    bystander.send(
        ClientMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().setSequence(++heartbeats))
            .build());
    assertThat(bystander.await(KindCase.HEARTBEAT_ACK).getHeartbeatAck().getSequence())
        .isEqualTo(heartbeats);
  }

  private PresenceServiceBlockingStub ask(@Nullable String token) {
    return PresenceServiceGrpc.newBlockingStub(Stub.with(world.channel(0), token));
  }

  /** Has this status and reason (empty: none), says nothing of our insides, and harmed no other. */
  private void check(@Nullable Throwable error, Code code, String reason) {
    assertThat(error).isNotNull();
    Status status = Status.fromThrowable(error);
    assertThat(status.getCode()).as(String.valueOf(status)).isEqualTo(code);
    assertThat(Stub.reason(error)).isEqualTo(reason);
    assertThat(String.valueOf(status.getDescription()))
        .doesNotContain("\tat ", "\n", "Exception", "dev.presence", "java.");
    checkNobodyElseIsHarmed();
  }

  /** The same token on a stream and on a question. */
  private void checkToken(@Nullable String token, String reason) {
    check(
        catchThrowable(
            () -> ask(token).getPresence(GetPresenceRequest.newBuilder().setUserId(user).build())),
        Code.UNAUTHENTICATED,
        reason);
    Stub.Stream stream = new Stub.Stream(world.channel(0), token);
    check(stream.awaitError(), Code.UNAUTHENTICATED, reason);
  }

  @Test
  void shouldRefuseTokensThatAreNone() {
    checkToken(null, "TOKEN_MISSING");
    checkToken("noise", "TOKEN_INVALID");
    checkToken(tokens.sign(user, "presence", "", Duration.ofMinutes(-5)), "TOKEN_EXPIRED");
    checkToken(tokens.sign(user, "somebody-else", "", Duration.ofHours(1)), "TOKEN_WRONG_AUDIENCE");
    checkToken(
        new PlainJWT(
                new JWTClaimsSet.Builder()
                    .subject(user)
                    .audience("presence")
                    .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                    .build())
            .serialize(),
        "TOKEN_INVALID");
    checkToken(new Tokens(DevelopmentKeys.in(directory)).user(user), "TOKEN_INVALID");
  }

  @Test
  void shouldEndAStreamThatBreaksTheProtocol() {
    String token = tokens.user(user);
    ClientMessage heartbeat =
        ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(1)).build();
    check(
        new Stub.Stream(world.channel(0), token).send(heartbeat).awaitError(),
        Code.FAILED_PRECONDITION,
        "OPEN_REQUIRED");
    check(
        new Stub.Stream(world.channel(0), token).send(Stub.open()).send(Stub.open()).awaitError(),
        Code.FAILED_PRECONDITION,
        "OPEN_REPEATED");
    check(
        new Stub.Stream(world.channel(0), token)
            .send(Stub.open())
            .send(ClientMessage.getDefaultInstance())
            .awaitError(),
        Code.INVALID_ARGUMENT,
        "EMPTY_MESSAGE");
    check(
        new Stub.Stream(world.channel(0), token)
            .send(
                ClientMessage.newBuilder()
                    .setOpen(Stub.open().getOpen().toBuilder().setActivityValue(99))
                    .build())
            .awaitError(),
        Code.INVALID_ARGUMENT,
        "INVALID_FIELD");
    check(
        new Stub.Stream(world.channel(0), token)
            .send(Stub.open())
            .send(
                ClientMessage.newBuilder()
                    .setUpdateStatus(UpdateStatus.newBuilder().setAvailabilityValue(99))
                    .build())
            .awaitError(),
        Code.INVALID_ARGUMENT,
        "INVALID_FIELD");
  }

  @Test
  void shouldSayWhatIsWrongWithAQuestion() {
    String token = tokens.user(user);
    String service = tokens.service("test", "presence.read.any");
    check(
        catchThrowable(
            () -> ask(token).batchGetPresence(BatchGetPresenceRequest.getDefaultInstance())),
        Code.INVALID_ARGUMENT,
        "BATCH_EMPTY");
    check(
        catchThrowable(
            () ->
                ask(token)
                    .batchGetPresence(
                        BatchGetPresenceRequest.newBuilder()
                            .addAllUserIds(Collections.nCopies(1_001, user))
                            .build())),
        Code.INVALID_ARGUMENT,
        "BATCH_TOO_LARGE");
    check(
        catchThrowable(
            () ->
                ask(token)
                    .getPresence(GetPresenceRequest.newBuilder().setUserId("not an id").build())),
        Code.INVALID_ARGUMENT,
        "INVALID_FIELD");
    check(
        catchThrowable(
            () ->
                ask(service)
                    .getPresence(GetPresenceRequest.newBuilder().setUserId("nobody").build())),
        Code.NOT_FOUND,
        "USER_NOT_FOUND");
    check(
        catchThrowable(
            () ->
                ask(token).listContacts(ListContactsRequest.newBuilder().setUserId("bob").build())),
        Code.PERMISSION_DENIED,
        "SCOPE_MISSING");
  }

  @Test
  void shouldTellAUserNothingOfStrangers() {
    String token = tokens.user(user);
    String stranger = world.friendOf();
    Stub.Stream online = new Stub.Stream(world.channel(1), tokens.user(stranger));
    online.send(Stub.open()).await(KindCase.HELLO);
    GetPresenceRequest ofStranger = GetPresenceRequest.newBuilder().setUserId(stranger).build();
    GetPresenceRequest ofNobody = GetPresenceRequest.newBuilder().setUserId("nobody").build();
    assertThat(
            ask(token).getPresence(ofStranger).toBuilder()
                .setPresence(
                    ask(token).getPresence(ofStranger).getPresence().toBuilder()
                        .setUserId("nobody"))
                .build()
                .toByteString())
        .isEqualTo(ask(token).getPresence(ofNobody).toByteString());
    online.cancel();
  }

  @Test
  void shouldAnswerABatchWithAnEntryForEachInOrder() {
    String other = world.friendOf();
    List<PresenceResult> results =
        ask(tokens.service("test", "presence.read.any"))
            .batchGetPresence(
                BatchGetPresenceRequest.newBuilder()
                    .addAllUserIds(List.of(other, "nobody", user, other))
                    .build())
            .getResultsList();
    assertThat(results)
        .extracting(PresenceResult::hasPresence)
        .containsExactly(true, false, true, true);
    assertThat(results.get(0).getPresence().getUserId()).isEqualTo(other);
    assertThat(results.get(2).getPresence().getUserId()).isEqualTo(user);
  }

  @Test
  void shouldEndACallWithAFiveMegabyteMessageAndNoOther() {
    String token = tokens.user(user);
    String large = "x".repeat(FIVE_MEGABYTES);
    check(
        catchThrowable(
            () -> ask(token).getPresence(GetPresenceRequest.newBuilder().setUserId(large).build())),
        Code.RESOURCE_EXHAUSTED,
        "");
    ClientMessage open =
        ClientMessage.newBuilder()
            .setOpen(Stub.open().getOpen().toBuilder().setClientVersion(large))
            .build();
    check(
        new Stub.Stream(world.channel(0), token).send(open).awaitError(),
        Code.RESOURCE_EXHAUSTED,
        "");
    Stub.Stream stream = new Stub.Stream(world.channel(0), token).send(Stub.open());
    stream.await(KindCase.HELLO);
    check(stream.send(open).awaitError(), Code.CANCELLED, "");
  }
}
