package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.HeartbeatResponse;
import dev.presence.v1.Hello;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A browser's heartbeats through Envoy, half of them steered to the server that does not hold the
 * session: each counts, and Redis is asked nothing, by the measure of {@link
 * B6NothingButTheLeaseTest}.
 */
@Tag("E10")
@ExtendWith(World.Quiet.class)
@ResourceLock(World.Quiet.LOCK)
class E10PageHeartbeatsTest {

  private static final int TIMES = 1_000;
  private static final Duration PEACE = Duration.ofSeconds(5);

  private final World world;

  E10PageHeartbeatsTest(World world) {
    this.world = world;
  }

  @Test
  void shouldCountEachHeartbeatWhereverItLandsAndTellRedisNothing() throws IOException {
    String alice = world.friendOf();
    String token = world.fleet().tokens().user(alice);
    try (GrpcWeb web = new GrpcWeb(world.fleet().edge().address(), token);
        PageStream page = PageStream.open(web);
        RedisMonitor monitor = new RedisMonitor(world.fleet().redis().port())) {
      Hello hello = page.hello();
      String owner = hello.getRoute();
      String other =
          world.fleet().servers().stream()
              .map(server -> route(server.address()))
              .filter(route -> !route.equals(owner))
              .findFirst()
              .orElseThrow();
      page.answerPings(web, hello, 1);
      monitor.awaitForgotten();
      RedisMonitor.Window peace = monitor.during(() -> Moment.now().awaitAgo(PEACE));
      assertThat(peace.others()).isEmpty();

      RedisMonitor.Window busy =
          monitor.during(
              () -> {
                for (int i = 1; i <= TIMES; i++) {
                  GrpcWeb.Answer answer =
                      web.call(
                          "Heartbeat",
                          HeartbeatRequest.newBuilder()
                              .setSessionId(hello.getSessionId())
                              .setAttempt(1)
                              .setSequence(i)
                              .build(),
                          "x-presence-route",
                          i % 2 == 0 ? owner : other);
                  assertThat(answer.code()).isEqualTo(Code.OK);
                  assertThat(answer.as(HeartbeatResponse.parser()).getSequence()).isEqualTo(i);
                }
              });
      assertThat(busy.others()).isEmpty();
      assertThat(busy.renewals()).isPositive();
      busy.assertCostsNoMoreThan(peace);
      System.out.println("E10 in peace: " + peace + "; with 1,000 heartbeats: " + busy);
      Awaitility.await()
          .atMost(Person.SOON)
          .untilAsserted(
              () ->
                  assertThat(world.edgeLog().answeredBy(address(other), alice, "Heartbeat"))
                      .as("at the wrong server")
                      .isEqualTo(TIMES / 2));
    }
  }

  private static String address(String route) {
    return new String(Base64.getDecoder().decode(route), StandardCharsets.US_ASCII);
  }

  private static String route(String address) {
    return Base64.getEncoder().encodeToString(address.getBytes(StandardCharsets.US_ASCII));
  }
}
