package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only shows on a real connection: HTTP/2, its flow control and its limits. */
class PortTest {

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.onPort(Duration.ofMinutes(2)).serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void shouldCarryAStream() {
    server.rosters.friends("alice", "bob");
    TestStream alice = server.stream("alice").open();
    alice.awaitSnapshot();
    TestStream bob = server.stream("bob").open();
    bob.awaitState("alice", PresenceState.PRESENCE_STATE_ONLINE);
    alice.heartbeat(7).awaitAck(7);
    alice.halfClose();
    assertThat(alice.status().isOk()).isTrue();
    bob.awaitState("alice", PresenceState.PRESENCE_STATE_OFFLINE);
  }

  @Test
  void shouldLetAMessageOfFiveMegabytesEndItsOwnCallOnly() {
    ManagedChannel channel = server.channel();
    TestStream bystander = server.stream("carol", channel).open();
    bystander.hello();
    TestStream fat = server.stream("dave", channel);
    fat.open(TestStream.openMessage().setClientVersion("x".repeat(5_000_000)));
    assertThat(fat.error().getStatus().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    TestStream later = server.stream("dave", channel).open();
    later.hello();
    later.send(
        ClientMessage.newBuilder()
            .setOpen(TestStream.openMessage().setClientVersion("x".repeat(5_000_000))));
    assertThat(later.error().getStatus().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    bystander.heartbeat(1).awaitAck(1);
  }

  @Test
  void shouldLetABatchOfFiveMegabytesFail() {
    var calls = server.callsOf("alice");
    BatchGetPresenceRequest request =
        BatchGetPresenceRequest.newBuilder().addUserIds("x".repeat(5_000_000)).build();
    assertThatThrownBy(() -> calls.batchGetPresence(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
  }

  @Test
  void shouldLetBytesThatAreNoMessageEndTheirOwnCallOnly() {
    ManagedChannel channel = server.channel();
    TestStream bystander = server.stream("carol", channel).open();
    bystander.hello();
    Metadata headers = new Metadata();
    headers.put(TestServer.AUTHORIZATION, "Bearer " + server.key.token("dave"));
    MethodDescriptor<byte[], byte[]> raw =
        PresenceServiceGrpc.getGetPresenceMethod().toBuilder(new Bytes(), new Bytes()).build();
    ClientCall<byte[], byte[]> call =
        io.grpc.ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers))
            .newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS));
    assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(call, new byte[] {-1, -1, -1}))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageNotContaining("\tat ");
    bystander.heartbeat(1).awaitAck(1);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }

  @Test
  void shouldGiveOneWhoReadsAgainTheNewestStatesAndLittleElse() {
    int friends = 40;
    String friend = "friend-with-a-rather-long-name-so-that-frames-are-large-";
    for (int i = 0; i < friends; i++) {
      server.rosters.friends("reader", friend + i);
    }
    TestStream reader = server.stream("reader").open();
    reader.awaitSnapshot();
    reader.stopReading();
    ManagedChannel channel = server.channel();
    List<TestStream> streams =
        java.util.stream.IntStream.range(0, friends)
            .mapToObj(i -> server.stream(friend + i, channel).open())
            .toList();
    streams.forEach(TestStream::hello);
    for (int round = 0; round < 250; round++) {
      for (TestStream stream : streams) {
        stream.send(TestStream.away(round % 2 == 0));
      }
    }
    streams.forEach(stream -> stream.send(TestStream.away(true)));
    streams.forEach(stream -> stream.heartbeat(1).awaitAck(1));
    int before = reader.messages().size();
    reader.readAgain();
    for (int i = 0; i < friends; i++) {
      reader.awaitState(friend + i, PresenceState.PRESENCE_STATE_AWAY);
    }
    long entries =
        reader.messages().stream()
            .skip(before)
            .mapToLong(message -> message.getChanges().getPresencesCount())
            .sum();
    // 10,000 changes happened; on the way when the reader stopped were at most some 100 KB.
    assertThat(entries).isLessThan(3_000);
  }

  @Test
  void shouldDescribeItselfWhereThatIsSwitchedOn() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(server.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    questions.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("presence.v1.PresenceService.Connect")
            .build());
    assertThat(
            answer
                .get(10, TimeUnit.SECONDS)
                .getFileDescriptorResponse()
                .getFileDescriptorProtoCount())
        .isPositive();
    questions.onCompleted();
  }

  @Test
  void shouldDrainAndStopWithinItsTime() throws IOException {
    TestServer going = TestServer.onPort(Duration.ofMinutes(2)).serve();
    TestStream opened = going.stream("alice").open();
    opened.hello();
    TestStream idle = going.stream("bob");
    going.server.drain();
    going.drainSessions();
    assertThat(opened.closed().getReason()).isEqualTo(CloseReason.CLOSE_REASON_DRAINING);
    assertThat(opened.status().isOk()).isTrue();
    long before = System.nanoTime();
    going.server.stop(Duration.ofMillis(300));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    await().until(() -> !idle.isLive());
    going.close();
  }
}
