package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.edge.Endpoints;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.ServerMessage.KindCase;
import io.grpc.ManagedChannel;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Envoy answers on while a server behind it hangs, and while servers come and go. */
class EdgeTroubleTest extends EdgeStory {

  private static final int LIVE_STREAMS = 6;
  private static final int CALLS_AT_ONCE = 1_600;

  /** A server ends a connection with more than these, in 30 s. */
  private static final int MAX_RESETS = 200;

  EdgeTroubleTest(World world) {
    super(world);
  }

  @Test
  void shouldAnswerEveryQuestionWhileAServerHangs() {
    world.fleet().server(1).signal("STOP");
    try {
      Moment hung = Moment.now();
      do {
        assertThat(rest.presence(token, user).statusCode()).isEqualTo(200);
      } while (hung.ago().compareTo(Duration.ofSeconds(3)) < 0);
      Moment out = Moment.now();
      for (int i = 0; i < 20; i++) {
        assertThat(rest.presence(token, user).statusCode()).isEqualTo(200);
      }
      // Each call that still went there would take 1.5 s.
      assertThat(out.ago()).as("nobody waits for it any more").isLessThan(Duration.ofSeconds(5));
    } finally {
      wake();
    }
  }

  @Test
  @Tag("long")
  void shouldKeepLiveStreamsWhileHundredsOfCallsTimeOut() {
    List<Stub.Stream> streams = new ArrayList<>();
    for (int i = 0; i < LIVE_STREAMS; i++) {
      Stub.Stream stream = new Stub.Stream(edge, tokens.user(world.friendOf()));
      stream.send(Stub.open()).await(KindCase.HELLO);
      streams.add(stream);
    }
    world.fleet().server(1).signal("STOP");
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    try {
      HttpRequest.Builder question = rest.presenceOf(token, user).version(Version.HTTP_1_1);
      for (int i = 0; i < CALLS_AT_ONCE; i++) {
        calls.add(rest.begin(question));
      }
      assertThat(calls).allMatch(call -> call.join().statusCode() == 200);
    } finally {
      wake();
    }
    String resets =
        world.fleet().edge().process().ask("/stats?filter=presence-calls.http2.tx_reset");
    assertThat(Integer.parseInt(resets.strip().replaceAll(".*: ", "")))
        .as("how many calls were given up")
        .isGreaterThan(MAX_RESETS);
    for (Stub.Stream stream : streams) {
      stream.send(
          ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(1)).build());
      stream.await(KindCase.HEARTBEAT_ACK);
      stream.signOut();
    }
  }

  @Test
  void shouldTakeServersInAndOutWhileItRuns() {
    Endpoints endpoints = world.fleet().edge().endpoints();
    String first = world.fleet().server(0).address();
    String second = world.fleet().server(1).address();
    try {
      endpoints.write(List.of(first));
      Awaitility.await().until(() -> !clusters().contains(second));
      assertThat(rest.presence(token, user).statusCode()).isEqualTo(200);
    } finally {
      endpoints.write(List.of(first, second));
    }
    Awaitility.await().until(() -> clusters().contains(second + "::health_flags::healthy"));
  }

  private String clusters() {
    return world.fleet().edge().process().ask("/clusters");
  }

  /** Lets the second server go on, and waits until nothing shows that it stood still. */
  private void wake() {
    world.fleet().server(1).signal("CONT");
    for (int server = 0; server < 2; server++) {
      ManagedChannel channel = world.channel(server);
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> !Stub.ask(channel, token, world.friendOf(user)).getStale());
    }
    String second = world.fleet().server(1).address();
    Awaitility.await().until(() -> clusters().contains(second + "::health_flags::healthy"));
  }
}
