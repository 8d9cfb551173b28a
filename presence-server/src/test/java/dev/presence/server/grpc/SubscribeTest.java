package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.presence.v1.Activity;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Departure;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.UpdateStatus;
import dev.presence.v1.UpdateStatusRequest;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream and the calls of a browser, behind the real interceptors, on the real core. */
class SubscribeTest {

  private static TestServer server;
  private static int tests;

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

  private static PageStream page(String user, Open.Builder open, boolean hidden) {
    return new PageStream(
        TestServer.authorized(
            PresenceServiceGrpc.newBlockingV2Stub(server.channel()),
            "Bearer " + server.key.token(user)),
        open,
        hidden);
  }

  private static PageStream page(String user) {
    return page(user, TestStream.openMessage(), false);
  }

  private static HeartbeatRequest.Builder heartbeat(Hello hello, int attempt) {
    return HeartbeatRequest.newBuilder().setSessionId(hello.getSessionId()).setAttempt(attempt);
  }

  @Test
  void shouldGreetWithARouteAndShowFriendsToEachOther() throws StatusException {
    PageStream hers = page(alice);
    Hello hello = hers.next(KindCase.HELLO).getHello();
    assertThat(new String(Base64.getDecoder().decode(hello.getRoute()), StandardCharsets.US_ASCII))
        .isEqualTo(TestServer.ADDRESS);
    assertThat(hello.getHiddenTimeout().getSeconds()).isEqualTo(75);
    hers.next(KindCase.SNAPSHOT);
    TestStream his = server.stream(bob).open();
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    assertThat(hers.next(KindCase.CHANGES).getChanges().getPresences(0).getUserId()).isEqualTo(bob);
  }

  @Test
  void shouldTakeWhatThePageSaysByCalls() throws StatusException {
    TestStream his = server.stream(bob).open();
    Hello hello = page(alice).next(KindCase.HELLO).getHello();
    var calls = server.callsOf(alice);
    assertThat(calls.heartbeat(heartbeat(hello, 1).setSequence(7).build()).getSequence())
        .isEqualTo(7);
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    var _ = calls.heartbeat(heartbeat(hello, 1).setHidden(true).build());
    his.awaitState(alice, PresenceState.PRESENCE_STATE_AWAY);
    var _ = calls.heartbeat(heartbeat(hello, 1).build());
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    var _ =
        calls.updateStatus(
            UpdateStatusRequest.newBuilder()
                .setSessionId(hello.getSessionId())
                .setAttempt(1)
                .setStatus(UpdateStatus.newBuilder().setActivity(Activity.ACTIVITY_AWAY))
                .build());
    his.awaitState(alice, PresenceState.PRESENCE_STATE_AWAY);
  }

  @Test
  void shouldCarryASessionOnWithTheNextAttempt() throws StatusException {
    PageStream first = page(alice);
    Hello hello = first.next(KindCase.HELLO).getHello();
    Open.Builder again = TestStream.openMessage().setSessionId(hello.getSessionId()).setAttempt(2);
    PageStream second = page(alice, again, true);
    assertThat(second.next(KindCase.HELLO).getHello().getResumed()).isTrue();
    assertThat(first.next(KindCase.CLOSED).getClosed().getReason())
        .isEqualTo(CloseReason.CLOSE_REASON_REPLACED);
    Errors.refused(
        ErrorReason.SESSION_REPLACED,
        () -> server.callsOf(alice).heartbeat(heartbeat(hello, 1).build()));
    PageStream third = page(alice, again, false);
    assertThat(third.next(KindCase.CLOSED).getClosed().getAdvice())
        .isEqualTo(ReconnectAdvice.RECONNECT_ADVICE_STOP);
  }

  @Test
  void shouldEndTheSessionOnSignOutAndSuspendItOnLeaving() throws StatusException {
    TestStream his = server.stream(bob).open();
    PageStream hers = page(alice);
    Hello hello = hers.next(KindCase.HELLO).getHello();
    his.awaitState(alice, PresenceState.PRESENCE_STATE_ONLINE);
    var calls = server.callsOf(alice);
    var _ = calls.disconnect(disconnect(hello, Departure.DEPARTURE_LEAVING));
    hers.next(KindCase.CLOSED);
    Errors.refused(
        ErrorReason.SESSION_SUSPENDED, () -> calls.heartbeat(heartbeat(hello, 1).build()));
    var _ = calls.disconnect(disconnect(hello, Departure.DEPARTURE_LEAVING));
    var _ = calls.disconnect(disconnect(hello, Departure.DEPARTURE_SIGN_OUT));
    his.awaitState(alice, PresenceState.PRESENCE_STATE_OFFLINE);
    Errors.refused(
        ErrorReason.SESSION_NOT_FOUND, () -> calls.heartbeat(heartbeat(hello, 1).build()));
    var _ = calls.disconnect(disconnect(hello, Departure.DEPARTURE_SIGN_OUT));
  }

  private static DisconnectRequest disconnect(Hello hello, Departure departure) {
    return DisconnectRequest.newBuilder()
        .setSessionId(hello.getSessionId())
        .setAttempt(1)
        .setDeparture(departure)
        .build();
  }

  @Test
  void shouldTellNothingOfSomebodyElsesSession() throws StatusException {
    PageStream hers = page(alice);
    Hello hello = hers.next(KindCase.HELLO).getHello();
    var eves = server.callsOf("eve");
    Errors.refused(
        ErrorReason.SESSION_NOT_FOUND, () -> eves.heartbeat(heartbeat(hello, 1).build()));
    Errors.refused(
        ErrorReason.SESSION_NOT_FOUND,
        () ->
            eves.heartbeat(heartbeat(hello, 1).setSessionId(UUID.randomUUID().toString()).build()));
    var _ = eves.disconnect(disconnect(hello, Departure.DEPARTURE_SIGN_OUT));
    var _ = server.callsOf(alice).heartbeat(heartbeat(hello, 1).build());
  }

  @Test
  void shouldRefuseWhatIsOutOfRange() throws StatusException {
    Hello hello = page(alice).next(KindCase.HELLO).getHello();
    var calls = server.callsOf(alice);
    Errors.refused(ErrorReason.INVALID_FIELD, () -> calls.heartbeat(heartbeat(hello, 0).build()));
    Errors.refused(
        ErrorReason.INVALID_FIELD,
        () -> calls.disconnect(disconnect(hello, Departure.DEPARTURE_UNSPECIFIED)));
    Errors.refused(
        ErrorReason.SESSION_NOT_FOUND,
        () -> calls.heartbeat(heartbeat(hello, 1).setSessionId("no id").build()));
  }

  @Test
  void shouldRefuseStreamsBeforeItServesAndWhileItDrains() throws IOException {
    try (TestServer starting = TestServer.inProcess()) {
      refusesStreams(starting);
      starting.serve();
      starting.server.drain();
      refusesStreams(starting);
    }
  }

  private void refusesStreams(TestServer at) {
    PageStream hers =
        new PageStream(
            TestServer.authorized(
                PresenceServiceGrpc.newBlockingV2Stub(at.channel()),
                "Bearer " + at.key.token(alice)),
            TestStream.openMessage(),
            false);
    StatusException refusal =
        catchThrowableOfType(StatusException.class, () -> hers.next(KindCase.HELLO));
    Errors.check(
        ErrorReason.NOT_SERVING, refusal.getStatus().asRuntimeException(refusal.getTrailers()));
  }

  @Test
  void shouldGoThroughTheGracePeriodWhenTheStreamIsCancelled() throws StatusException {
    PageStream hers = page(alice);
    Hello hello = hers.next(KindCase.HELLO).getHello();
    hers.cancel();
    Open.Builder again = TestStream.openMessage().setSessionId(hello.getSessionId()).setAttempt(2);
    assertThat(page(alice, again, false).next(KindCase.HELLO).getHello().getResumed()).isTrue();
  }
}
