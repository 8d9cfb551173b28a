package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.SharedPresence;
import dev.presence.server.presence.SharedPresences;
import dev.presence.v1.Changes;
import dev.presence.v1.HeartbeatAck;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEncoderTest {

  private final FrameEncoder encoder = new FrameEncoder(Timings.DEFAULT, "node-1", "route-1");

  private static List<SharedPresence> presences(int count) {
    Random random = new Random(count);
    PresenceState[] states = PresenceState.values();
    List<SharedPresence> presences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PresenceState state = states[random.nextInt(states.length)];
      long lastSeen = state == PresenceState.OFFLINE ? random.nextLong(2_000_000_000_000L) : 0;
      String user = "u".repeat(1 + random.nextInt(60)) + i;
      presences.add(SharedPresences.of(new Presence(new UserId(user), state, lastSeen)));
    }
    return presences;
  }

  private static List<dev.presence.v1.Presence> messages(List<SharedPresence> presences) {
    return presences.stream().map(p -> PresenceMessages.onStream(p.presence())).toList();
  }

  /** What the transport writes, and what one who reads the stream byte by byte gets. */
  private static byte[] drained(Frame frame) throws IOException {
    FrameStream stream = new FrameStream(frame);
    assertThat(stream.available()).isEqualTo(frame.length());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(stream.drainTo(bytes)).isEqualTo(frame.length());
    assertThat(stream.available()).isZero();
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(new FrameStream(frame).readAllBytes()).isEqualTo(bytes.toByteArray());
    return bytes.toByteArray();
  }

  private ServerMessage read(Outbound message) throws IOException {
    return ServerMessage.parseFrom(drained(encoder.encode(message)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 100, 500})
  void shouldWriteChangesAsTheGeneratedClassesDo(int count) throws IOException {
    List<SharedPresence> presences = presences(count);
    ServerMessage generated =
        ServerMessage.newBuilder()
            .setChanges(Changes.newBuilder().addAllPresences(messages(presences)))
            .build();
    assertThat(drained(encoder.encode(new Outbound.Changes(presences))))
        .isEqualTo(generated.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"0,true,true", "0,true,false", "3,false,false", "500,true,false", "7,false,true"})
  void shouldWriteSnapshotsAsTheGeneratedClassesDo(int count, boolean complete, boolean lastSeen)
      throws IOException {
    List<SharedPresence> presences = presences(count);
    ServerMessage generated =
        ServerMessage.newBuilder()
            .setSnapshot(
                Snapshot.newBuilder()
                    .addAllPresences(messages(presences))
                    .setComplete(complete)
                    .setLastSeenComplete(lastSeen))
            .build();
    assertThat(drained(encoder.encode(new Outbound.SnapshotPart(presences, complete, lastSeen))))
        .isEqualTo(generated.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE, -1})
  void shouldWriteAcknowledgementsAsTheGeneratedClassesDo(long sequence) throws IOException {
    ServerMessage generated =
        ServerMessage.newBuilder()
            .setHeartbeatAck(HeartbeatAck.newBuilder().setSequence(sequence))
            .build();
    assertThat(drained(encoder.encode(new Outbound.HeartbeatAck(sequence))))
        .isEqualTo(generated.toByteArray());
  }

  @Test
  void shouldEncodeAPresenceOnceForAllFrames() {
    List<SharedPresence> presences = presences(1);
    Frame changes = encoder.encode(new Outbound.Changes(presences));
    Frame snapshot = encoder.encode(new Outbound.SnapshotPart(presences, true, false));
    assertThat(changes.chunks().getFirst()).isSameAs(snapshot.chunks().getFirst());
  }

  @Test
  void shouldTellTheRulesInHello() throws IOException {
    SessionId session = new SessionId(UUID.fromString("019b0000-0000-7000-8000-000000000001"));
    var hello =
        read(new Outbound.Hello(session, true, 1_700_000_000_123L, Availability.BUSY)).getHello();
    assertThat(hello.getSessionId()).isEqualTo(session.toString());
    assertThat(hello.getResumed()).isTrue();
    assertThat(hello.getServerTime().getSeconds()).isEqualTo(1_700_000_000);
    assertThat(hello.getServerTime().getNanos()).isEqualTo(123_000_000);
    assertThat(hello.getHeartbeatInterval().getSeconds()).isEqualTo(8);
    assertThat(hello.getHeartbeatTimeout().getSeconds()).isEqualTo(20);
    assertThat(hello.getGracePeriod().getSeconds()).isEqualTo(10);
    assertThat(hello.getHiddenTimeout().getSeconds()).isEqualTo(75);
    assertThat(hello.getNode()).isEqualTo("node-1");
    assertThat(hello.getRoute()).isEqualTo("route-1");
    assertThat(hello.getAvailability()).isEqualTo(dev.presence.v1.Availability.AVAILABILITY_BUSY);
  }

  @Test
  void shouldSayUntilWhenItKnewOnlyWhileStale() throws IOException {
    var stale = read(new Outbound.ServerState(true, 1_000, false)).getServerState();
    assertThat(stale.getAsOf().getSeconds()).isEqualTo(1);
    var fresh = read(new Outbound.ServerState(false, 1_000, true)).getServerState();
    assertThat(fresh.hasAsOf()).isFalse();
    assertThat(fresh.getRosterPending()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void shouldNameEveryCloseReason(CloseReason reason) throws IOException {
    var closed = read(new Outbound.Closed(reason, Outbound.Advice.STOP)).getClosed();
    assertThat(closed.getReason().name()).isEqualTo("CLOSE_REASON_" + reason.name());
  }

  @ParameterizedTest
  @EnumSource(Outbound.Advice.class)
  void shouldNameEveryAdvice(Outbound.Advice advice) throws IOException {
    var closed = read(new Outbound.Closed(CloseReason.DRAINING, advice)).getClosed();
    assertThat(closed.getAdvice())
        .isEqualTo(ReconnectAdvice.valueOf("RECONNECT_ADVICE_" + advice.name()));
  }

  @Test
  void shouldNumberEntriesAlikeInSnapshotAndChanges() {
    assertThat(Snapshot.PRESENCES_FIELD_NUMBER).isEqualTo(Changes.PRESENCES_FIELD_NUMBER);
  }
}
