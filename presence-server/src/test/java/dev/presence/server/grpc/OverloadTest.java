package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage.KindCase;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More streams are opened than rosters can be had for. */
class OverloadTest {

  private static final int OPENS = 20;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    // One roster at a time, some four a second.
    server = TestServer.slow(Duration.ofMillis(250), 1).serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static boolean greeted(TestStream stream) {
    return stream.messages().stream().anyMatch(message -> message.getKindCase() == KindCase.HELLO);
  }

  @Test
  void shouldTakeWhoCanBeServedInOrderAndSendTheOthersBackInTime() throws Exception {
    server.rosters.friends("alice", "bob");
    TestStream bob = server.stream("bob").open();
    bob.awaitSnapshot();
    TestStream alice = server.stream("alice").open();
    alice.awaitSnapshot();

    long began = System.nanoTime();
    List<TestStream> crowd =
        IntStream.range(0, OPENS).mapToObj(i -> server.stream("crowd-" + i).open()).toList();
    alice.heartbeat(7).awaitAck(7);
    alice.send(TestStream.away(true));
    bob.awaitState("alice", PresenceState.PRESENCE_STATE_AWAY);
    assertThat(crowd.getLast().isLive()).isTrue();
    assertThat(greeted(crowd.getLast())).isFalse();

    await().until(() -> crowd.stream().allMatch(one -> greeted(one) || !one.isLive()));
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("before clients give up")
        .isLessThan(Duration.ofSeconds(3));
    List<TestStream> refused = crowd.stream().filter(one -> !one.isLive()).toList();
    assertThat(refused).hasSizeBetween(1, OPENS - 4);
    for (TestStream one : refused) {
      StatusRuntimeException error = one.error();
      assertThat(error.getStatus().getCode()).isEqualTo(ErrorReason.OVERLOADED.code());
      assertThat(retryMillis(error)).isBetween(1_000L, 8_000L);
    }
  }

  private static long retryMillis(StatusRuntimeException error)
      throws InvalidProtocolBufferException {
    Status status = StatusProto.fromThrowable(error);
    for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        var delay = detail.unpack(RetryInfo.class).getRetryDelay();
        return delay.getSeconds() * 1_000 + delay.getNanos() / 1_000_000;
      }
    }
    throw new AssertionError("no RetryInfo in " + error);
  }
}
