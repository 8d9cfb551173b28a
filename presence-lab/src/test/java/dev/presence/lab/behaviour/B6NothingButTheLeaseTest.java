package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingStub;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage.KindCase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Measured against the lease alone. First the servers are left in peace for some seconds: then each
 * renewal costs Redis its script, the commands in it, and the reading of a head. While 1,000
 * heartbeats and 1,000 questions are answered, half by each server, nothing else may be asked, and
 * a renewal may cost no more than before; by what Redis reports command by command, and by its own
 * count. A connect at the end shows that the measurement would have told.
 */
@Tag("B6")
@ExtendWith(World.Quiet.class)
@ResourceLock(World.Quiet.LOCK)
class B6NothingButTheLeaseTest {

  private static final int TIMES = 1_000;
  private static final Duration PEACE = Duration.ofSeconds(5);

  private final World world;

  B6NothingButTheLeaseTest(World world) {
    this.world = world;
  }

  @Test
  void shouldCostRedisNothingToHeartbeatAndToAsk() throws IOException {
    String watcher = world.friendOf();
    String online = world.friendOf(watcher);
    String offline = world.friendOf(watcher);
    List<Stub.Stream> streams = Stream.of(0, 1).map(server -> open(online, server)).toList();
    String token = world.fleet().tokens().user(watcher);
    List<PresenceServiceBlockingStub> stubs =
        Stream.of(0, 1)
            .map(server -> Stub.with(world.channel(server), token))
            .map(PresenceServiceGrpc::newBlockingStub)
            .toList();

    try (RedisMonitor monitor = new RedisMonitor(world.fleet().redis().port())) {
      monitor.awaitQuiet();
      RedisMonitor.Window peace = monitor.during(() -> Moment.now().awaitAgo(PEACE));
      assertThat(peace.others()).isEmpty();
      assertThat(peace.renewals())
          .isGreaterThanOrEqualTo(2 * PEACE.toSeconds() - RedisMonitor.EDGES);

      RedisMonitor.Window busy =
          monitor.during(
              () -> {
                for (int i = 1; i <= TIMES; i++) {
                  streams.get(i % 2).send(heartbeat(i));
                  PresenceServiceBlockingStub stub = stubs.get(i / 2 % 2);
                  assertThat(ask(stub, i % 2 == 0 ? online : offline))
                      .isEqualTo(
                          i % 2 == 0
                              ? PresenceState.PRESENCE_STATE_ONLINE
                              : PresenceState.PRESENCE_STATE_OFFLINE);
                }
                awaitAnswered(streams.get(0), TIMES);
                awaitAnswered(streams.get(1), TIMES - 1);
              });
      assertThat(busy.others()).isEmpty();
      assertThat(busy.renewals()).isPositive();
      busy.assertCostsNoMoreThan(peace);
      System.out.println("B6 in peace: " + peace + "; with 1,000 of each: " + busy);

      RedisMonitor.Window connect =
          monitor.during(
              () -> {
                open(watcher, 0).signOut();
                Moment.now().awaitAgo(Duration.ofMillis(500));
              });
      assertThat(connect.others()).as("a connect is noticed").isNotEmpty();
    }
    streams.forEach(Stub.Stream::signOut);
  }

  private Stub.Stream open(String user, int server) {
    Stub.Stream stream =
        new Stub.Stream(world.channel(server), world.fleet().tokens().user(user)).send(Stub.open());
    stream.await(KindCase.HELLO);
    return stream;
  }

  private static ClientMessage heartbeat(int sequence) {
    return ClientMessage.newBuilder()
        .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
        .build();
  }

  private static PresenceState ask(PresenceServiceBlockingStub stub, String user) {
    return stub.getPresence(GetPresenceRequest.newBuilder().setUserId(user).build())
        .getPresence()
        .getState();
  }

  /** One answer may stand for several heartbeats; the last one stands for all. */
  private static void awaitAnswered(Stub.Stream stream, long last) {
    long answered = 0;
    while (answered < last) {
      answered = stream.await(KindCase.HEARTBEAT_ACK).getHeartbeatAck().getSequence();
    }
  }
}
