package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.presence.server.model.Timings;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Hello;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage.KindCase;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream has lived for long enough. */
class StreamLifeTest {

  private static Timings lasting(java.time.Duration streamLife) {
    Timings usual = Timings.DEFAULT;
    return new Timings(
        usual.heartbeatInterval(),
        usual.heartbeatTimeout(),
        usual.hiddenTimeout(),
        usual.gracePeriod(),
        usual.leasePeriod(),
        usual.renewInterval(),
        usual.handover(),
        usual.tombstonePeriod(),
        usual.helloTimeout(),
        streamLife);
  }

  @Test
  void shouldAskForANewStreamAndServeTheOldOneUntilThatIsThere() throws IOException {
    try (TestServer server =
        TestServer.withTimings(lasting(java.time.Duration.ofSeconds(1))).serve()) {
      server.rosters.friends("alice", "bob");
      TestStream bob = server.stream("bob").open();
      bob.awaitSnapshot();
      TestStream alice = server.stream("alice").open();
      Hello hello = alice.hello();
      bob.awaitState("alice", PresenceState.PRESENCE_STATE_ONLINE);

      Duration within = alice.await1(KindCase.DRAIN).getDrain().getReconnectWithin();
      assertThat(within).isEqualTo(Duration.newBuilder().setSeconds(1).build());
      alice.heartbeat(1).awaitAck(1);
      TestStream next =
          server.stream("alice")
              .open(TestStream.openMessage().setSessionId(hello.getSessionId()).setAttempt(2));

      assertThat(next.hello().getResumed()).isTrue();
      assertThat(alice.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_REPLACED);
      next.heartbeat(1).awaitAck(1);
      assertThat(changes(bob)).extracting(Presence::getUserId).containsExactly("alice");
    }
  }

  private static List<Presence> changes(TestStream stream) {
    return stream.messages().stream()
        .flatMap(message -> message.getChanges().getPresencesList().stream())
        .toList();
  }
}
