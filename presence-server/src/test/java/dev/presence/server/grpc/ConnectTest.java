package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import dev.presence.v1.Activity;
import dev.presence.v1.Availability;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.SignOut;
import dev.presence.v1.UpdateStatus;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of a native app, behind the real interceptors, on the real core. */
class ConnectTest {

  private static TestServer server;
  private static int tests;

  /** New friends for each test; the server is the same for all. */
  private String alice;

  private String bob;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.inProcess().serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void befriend() {
    tests++;
    alice = "alice" + tests;
    bob = "bob" + tests;
    server.rosters.friends(alice, bob);
  }

  private static TestStream live(String user) {
    TestStream stream = server.stream(user).open();
    stream.hello();
    stream.awaitSnapshot();
    return stream;
  }

  @Test
  void shouldGreetThenListThenTellOfChanges() {
    TestStream hers = live(alice);
    Hello hello = hers.hello();
    assertThat(hello.getResumed()).isFalse();
    assertThat(UUID.fromString(hello.getSessionId()).version()).isEqualTo(7);
    assertThat(hello.getNode()).isEqualTo(TestServer.NODE);
    assertThat(hers.messages().getFirst().getKindCase()).isEqualTo(KindCase.HELLO);
    TestStream his = live(bob);
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    hers.awaitState(bob, PresenceState.PRESENCE_STATE_ONLINE);
  }

  @Test
  void shouldAnswerHeartbeats() {
    TestStream hers = live(alice);
    hers.heartbeat(1).awaitAck(1);
    hers.heartbeat(Long.MAX_VALUE).awaitAck(Long.MAX_VALUE);
  }

  @Test
  void shouldShowAStatusChangeToFriends() {
    TestStream his = live(bob);
    TestStream hers = live(alice);
    hers.send(status(update -> update.setActivity(Activity.ACTIVITY_AWAY)));
    his.awaitState(alice, PresenceState.PRESENCE_STATE_AWAY);
    hers.send(status(update -> update.setAvailability(Availability.AVAILABILITY_BUSY)));
    his.awaitState(alice, PresenceState.PRESENCE_STATE_BUSY);
    hers.send(
        status(
            update ->
                update
                    .setActivity(Activity.ACTIVITY_ACTIVE)
                    .setAvailability(Availability.AVAILABILITY_AVAILABLE)));
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
  }

  @Test
  void shouldEndAStreamThatSignsOut() {
    TestStream his = live(bob);
    TestStream hers = live(alice);
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    hers.send(ClientMessage.newBuilder().setSignOut(SignOut.getDefaultInstance()));
    assertThat(hers.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_SIGNED_OUT);
    assertThat(hers.closed().getAdvice()).isEqualTo(ReconnectAdvice.RECONNECT_ADVICE_STOP);
    assertThat(hers.status().isOk()).isTrue();
    his.awaitState(alice, PresenceState.PRESENCE_STATE_OFFLINE);
  }

  @Test
  void shouldTakeAHalfCloseForASignOut() {
    TestStream his = live(bob);
    TestStream hers = live(alice);
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    hers.halfClose();
    assertThat(hers.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_SIGNED_OUT);
    assertThat(hers.status().isOk()).isTrue();
    his.awaitState(alice, PresenceState.PRESENCE_STATE_OFFLINE);
  }

  @Test
  void shouldResumeASessionWhoseStreamWasCut() {
    TestStream his = live(bob);
    TestStream hers = live(alice);
    String session = hers.hello().getSessionId();
    hers.cancel();
    TestStream again =
        server.stream(alice).open(TestStream.openMessage().setSessionId(session).setAttempt(2));
    assertThat(again.hello().getResumed()).isTrue();
    assertThat(again.hello().getSessionId()).isEqualTo(session);
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
  }

  @Test
  void shouldReplaceTheOlderStream() {
    TestStream hers = live(alice);
    String session = hers.hello().getSessionId();
    TestStream again =
        server.stream(alice).open(TestStream.openMessage().setSessionId(session).setAttempt(2));
    assertThat(again.hello().getResumed()).isTrue();
    assertThat(hers.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_REPLACED);
    assertThat(hers.status().isOk()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00000000-0000-0000-0000-000000000000",
        "019b0000-0000-7000-8000-00000000001"
      })
  void shouldBeginANewSessionForAnIdThatIsNone(String id) {
    TestStream hers =
        server.stream(alice).open(TestStream.openMessage().setSessionId(id).setAttempt(3));
    assertThat(hers.hello().getResumed()).isFalse();
  }

  @Test
  void shouldRefuseAHeartbeatBeforeOpen() {
    TestStream hers = server.stream(alice).heartbeat(1);
    Errors.check(ErrorReason.OPEN_REQUIRED, hers.error());
  }

  @Test
  void shouldRefuseAHalfCloseBeforeOpen() {
    TestStream hers = server.stream(alice);
    hers.halfClose();
    Errors.check(ErrorReason.OPEN_REQUIRED, hers.error());
  }

  @Test
  void shouldRefuseASecondOpen() {
    TestStream hers = live(alice).open();
    Errors.check(ErrorReason.OPEN_REPEATED, hers.error());
  }

  @Test
  void shouldKeepTheSessionOfOneWhoBrokeTheProtocolForTheGracePeriod() {
    TestStream his = live(bob);
    TestStream hers = live(alice).open();
    Errors.check(ErrorReason.OPEN_REPEATED, hers.error());
    TestStream again =
        server.stream(alice)
            .open(TestStream.openMessage().setSessionId(hers.hello().getSessionId()).setAttempt(2));
    assertThat(again.hello().getResumed()).isTrue();
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
  }

  @Test
  void shouldRefuseAMessageWithoutAKind() {
    TestStream hers = live(alice).send(ClientMessage.newBuilder());
    Errors.check(ErrorReason.EMPTY_MESSAGE, hers.error());
  }

  static Stream<Consumer<Open.Builder>> badOpens() {
    return Stream.of(
        open -> open.setAttempt(0),
        open -> open.setAttempt(-1),
        open -> open.setDevice(""),
        open -> open.setDevice("Android"),
        open -> open.setDevice("x".repeat(33)),
        open -> open.setClientVersion("x".repeat(65)),
        open -> open.setActivityValue(7));
  }

  @ParameterizedTest
  @MethodSource("badOpens")
  void shouldRefuseAnOpenWithAFieldOutOfItsRange(Consumer<Open.Builder> spoil) {
    Open.Builder open = TestStream.openMessage();
    spoil.accept(open);
    TestStream hers = server.stream(alice).open(open);
    ErrorInfo info = Errors.check(ErrorReason.INVALID_FIELD, hers.error());
    assertThat(info.getMetadataMap()).containsKeys("field", "value", "expected");
    assertThat(info.getMetadataOrThrow("field")).startsWith("open.");
  }

  static Stream<Consumer<UpdateStatus.Builder>> badUpdates() {
    return Stream.of(
        update -> update.setActivityValue(3),
        update -> update.setAvailability(Availability.AVAILABILITY_UNSPECIFIED),
        update -> update.setAvailabilityValue(-1));
  }

  @ParameterizedTest
  @MethodSource("badUpdates")
  void shouldRefuseAStatusItDoesNotKnow(Consumer<UpdateStatus.Builder> spoil) {
    TestStream hers = live(alice).send(status(spoil));
    ErrorInfo info = Errors.check(ErrorReason.INVALID_FIELD, hers.error());
    assertThat(info.getMetadataOrThrow("field")).startsWith("update_status.");
  }

  @Test
  void shouldShowOfABadValueNoMoreThanItsBeginning() {
    TestStream hers =
        server.stream(alice).open(TestStream.openMessage().setDevice("ü".repeat(20_000)));
    ErrorInfo info = Errors.check(ErrorReason.INVALID_FIELD, hers.error());
    assertThat(info.getMetadataOrThrow("value")).hasSizeLessThan(200).contains("20000");
  }

  @Test
  void shouldLetNoMisuseHarmAnotherStream() {
    TestStream his = live(bob);
    server.stream(alice).heartbeat(1).error();
    server.stream(bob).open(TestStream.openMessage().setAttempt(0)).error();
    his.heartbeat(2).awaitAck(2);
    assertThat(his.isLive()).isTrue();
  }

  @Test
  void shouldTellThatTheRosterIsPendingAndLiveAllTheSame() {
    server.rosters.hide("carol");
    TestStream carol = server.stream("carol").open();
    carol.hello();
    await()
        .until(
            () ->
                carol.messages().stream()
                    .anyMatch(message -> message.getServerState().getRosterPending()));
    carol.heartbeat(1).awaitAck(1);
  }

  @Test
  void shouldRefuseStreamsBeforeItServesAndWhileItDrains() throws IOException {
    try (TestServer starting = TestServer.inProcess()) {
      Errors.check(ErrorReason.NOT_SERVING, starting.stream(alice).open().error());
      starting.serve();
      TestStream hers = starting.stream(alice).open();
      hers.hello();
      starting.server.drain();
      Errors.check(ErrorReason.NOT_SERVING, starting.stream(bob).open().error());
      hers.heartbeat(1).awaitAck(1);
      starting.drainSessions();
      assertThat(hers.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_DRAINING);
      assertThat(hers.closed().getAdvice())
          .isEqualTo(ReconnectAdvice.RECONNECT_ADVICE_RECONNECT_ELSEWHERE);
      assertThat(hers.status().isOk()).isTrue();
    }
  }

  private static ClientMessage.Builder status(Consumer<UpdateStatus.Builder> change) {
    UpdateStatus.Builder update = UpdateStatus.newBuilder();
    change.accept(update);
    return ClientMessage.newBuilder().setUpdateStatus(update);
  }
}
