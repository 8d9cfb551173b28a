package dev.presence.lab.behaviour;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.ServerMessage.KindCase;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Streams opened all at once through one Envoy, far more than its defaults bear. */
@Tag("E8")
@ExtendWith(World.Rough.class)
@ResourceLock(World.Rough.LOCK)
class E8ManyStreamsTest {

  private static final int STREAMS = 2_000;

  /** A connection carries 200 streams; more would wait in silence. */
  private static final int CHANNELS = 16;

  private final World world;

  E8ManyStreamsTest(World world) {
    this.world = world;
  }

  @Test
  void shouldCarryTwoThousandStreamsThatOpenAtOnce() {
    List<String> users = world.friendsOf(STREAMS);
    List<String> tokens = users.stream().map(world.fleet().tokens()::user).toList();
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      channels.add(world.fleet().edgeChannel());
    }
    try {
      List<Stub.Stream> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(new Stub.Stream(channels.get(i % CHANNELS), tokens.get(i)).send(Stub.open()));
      }
      streams.forEach(stream -> stream.await(KindCase.HELLO));
      ClientMessage heartbeat =
          ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(1)).build();
      streams.forEach(stream -> stream.send(heartbeat));
      streams.forEach(stream -> stream.await(KindCase.HEARTBEAT_ACK));
      streams.forEach(Stub.Stream::signOut);
      streams.forEach(stream -> stream.await(KindCase.CLOSED));
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }
}
