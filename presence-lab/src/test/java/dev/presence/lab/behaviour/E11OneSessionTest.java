package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Departure;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.Hello;
import dev.presence.v1.Open;
import dev.presence.v1.ServerMessage.KindCase;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever browsers do with a session, through Envoy and on both servers: it stays one. */
@Tag("E11")
@ExtendWith(World.Shared.class)
@SuppressWarnings("NullAway.Init") // set before each test
class E11OneSessionTest {

  private final World world;
  private String alice;
  private String bob;
  private GrpcWeb hers;

  E11OneSessionTest(World world) {
    this.world = world;
  }

  @BeforeEach
  void befriend() {
    bob = world.friendOf();
    alice = world.friendOf(bob);
    hers = web(alice);
  }

  @AfterEach
  void leave() {
    hers.close();
  }

  private GrpcWeb web(String user) {
    return new GrpcWeb(world.fleet().edge().address(), world.fleet().tokens().user(user));
  }

  private static Open.Builder again(Hello hello, int attempt) {
    return Open.newBuilder().setSessionId(hello.getSessionId()).setAttempt(attempt);
  }

  private static HeartbeatRequest heartbeat(String session, int attempt) {
    return HeartbeatRequest.newBuilder().setSessionId(session).setAttempt(attempt).build();
  }

  private static void refused(GrpcWeb.Answer answer, Code code, String reason) {
    assertThat(answer.reason()).isEqualTo(reason);
    assertThat(answer.code()).isEqualTo(code);
  }

  @Test
  void shouldLetTheHigherAttemptWinOfTwoStreams() {
    try (Person watcher = world.person(bob, 0).awaitLive();
        PageStream first = PageStream.open(hers)) {
      Hello hello = first.hello();
      watcher.awaitEvent(alice, PresenceState.ONLINE, Person.SOON);
      try (PageStream second = PageStream.open(hers, again(hello, 2))) {
        assertThat(second.hello().getResumed()).isTrue();
        assertThat(first.await(KindCase.CLOSED).getClosed().getReason())
            .isEqualTo(CloseReason.CLOSE_REASON_REPLACED);
        refused(
            hers.call("Heartbeat", heartbeat(hello.getSessionId(), 1)),
            Code.FAILED_PRECONDITION,
            "SESSION_REPLACED");
        try (PageStream same = PageStream.open(hers, again(hello, 2))) {
          assertThat(same.await(KindCase.CLOSED).getClosed().getReason())
              .isEqualTo(CloseReason.CLOSE_REASON_REPLACED);
        }
        assertThat(hers.call("Heartbeat", heartbeat(hello.getSessionId(), 2)).code())
            .isEqualTo(Code.OK);
        signOut(hello, 2);
      }
      watcher.awaitEvent(alice, PresenceState.OFFLINE, Duration.ofSeconds(1));
      assertThat(watcher.reported(alice))
          .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
    }
    assertThat(world.rowsSoon(alice, 1)).containsExactly("SIGNED_OUT");
  }

  private void signOut(Hello hello, int attempt) {
    DisconnectRequest request =
        DisconnectRequest.newBuilder()
            .setSessionId(hello.getSessionId())
            .setAttempt(attempt)
            .setDeparture(Departure.DEPARTURE_SIGN_OUT)
            .build();
    assertThat(hers.call("Disconnect", request).code()).isEqualTo(Code.OK);
  }

  @Test
  void shouldBeginANewSessionForSomebodyElsesIdAndTellNothing() {
    String eve = world.friendOf();
    try (GrpcWeb eves = web(eve);
        PageStream page = PageStream.open(hers)) {
      Hello hello = page.hello();
      try (PageStream stolen = PageStream.open(eves, again(hello, 2))) {
        assertThat(stolen.hello().getResumed()).isFalse();
        assertThat(stolen.hello().getSessionId()).isNotEqualTo(hello.getSessionId());
      }
      for (String session : List.of(hello.getSessionId(), UUID.randomUUID().toString(), "noise")) {
        refused(eves.call("Heartbeat", heartbeat(session, 1)), Code.NOT_FOUND, "SESSION_NOT_FOUND");
      }
      assertThat(page.ended()).isFalse();
      assertThat(hers.call("Heartbeat", heartbeat(hello.getSessionId(), 1)).code())
          .isEqualTo(Code.OK);
    }
  }

  @Test
  void shouldSayThatAClosedSessionIsGone() {
    try (PageStream page = PageStream.open(hers)) {
      Hello hello = page.hello();
      signOut(hello, 1);
      page.await(KindCase.CLOSED);
      for (int i = 0; i < 4; i++) {
        refused(
            hers.call("Heartbeat", heartbeat(hello.getSessionId(), 1)),
            Code.NOT_FOUND,
            "SESSION_NOT_FOUND");
      }
      signOut(hello, 1);
    }
  }

  @Test
  void shouldBearNoise() {
    Random random = new Random(11);
    try (PageStream page = PageStream.open(hers)) {
      Hello hello = page.hello();
      for (String method : List.of("Subscribe", "Heartbeat", "UpdateStatus", "Disconnect")) {
        for (int length : new int[] {0, 1, 5, 100, 10_000}) {
          byte[] noise = new byte[length];
          random.nextBytes(noise);
          assertThat(hers.call(method, noise).code()).as(method).isNotEqualTo(Code.OK);
          byte[] framed = GrpcWeb.framed(noise);
          assertThat(hers.call(method, framed).code()).as(method + " framed").isNotEqualTo(Code.OK);
        }
      }
      assertThat(page.ended()).isFalse();
      assertThat(hers.call("Heartbeat", heartbeat(hello.getSessionId(), 1)).code())
          .isEqualTo(Code.OK);
    }
  }
}
