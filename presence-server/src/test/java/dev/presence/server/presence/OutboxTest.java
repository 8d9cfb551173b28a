package dev.presence.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Outbound.Advice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox(() -> {});

  private static SharedPresence state(String user, PresenceState state) {
    return new SharedPresence(new Presence(new UserId(user), state, 0));
  }

  private void hello() {
    outbox.hello(
        new Outbound.Hello(SessionId.create(1, new Random(1)), false, 1, Availability.AVAILABLE));
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    for (Outbound next = outbox.next(); next != null; next = outbox.next()) {
      all.add(
          switch (next) {
            case Outbound.Hello _ -> "hello";
            case Outbound.SnapshotPart part ->
                "snapshot "
                    + part.presences().size()
                    + (part.complete() ? " complete" : "")
                    + (part.lastSeenComplete() ? " last-seen-complete" : "");
            case Outbound.Changes changes -> "changes " + changes.presences().size();
            case Outbound.HeartbeatAck ack -> "ack " + ack.sequence();
            case Outbound.Ping ping -> "ping " + ping.sequence();
            case Outbound.ServerState state -> "stale " + state.stale();
            case Outbound.Drain drain -> "drain " + drain.withinMillis();
            case Outbound.Closed closed -> "closed " + closed.reason();
            case Outbound.Refused refused -> "refused " + refused.retryAfterMillis();
          });
    }
    return all;
  }

  @Test
  void shouldSayNothingOfOthersBeforeHello() {
    outbox.put(state("bob", PresenceState.ONLINE));
    outbox.snapshotListed();
    assertThat(all()).isEmpty();
    hello();
    assertThat(all()).containsExactly("hello", "snapshot 1 complete");
  }

  @Test
  void shouldSplitALargeSnapshotIntoParts() {
    hello();
    for (int i = 0; i < 1_200; i++) {
      outbox.put(state("user" + i, PresenceState.ONLINE));
    }
    outbox.snapshotListed();
    outbox.lastSeenListed();
    assertThat(all())
        .containsExactly(
            "hello", "snapshot 500", "snapshot 500", "snapshot 200 complete last-seen-complete");
  }

  @Test
  void shouldSendLastSeenTimesAfterTheOnlineList() {
    hello();
    outbox.snapshotListed();
    assertThat(all()).containsExactly("hello", "snapshot 0 complete");
    outbox.put(state("bob", PresenceState.OFFLINE));
    outbox.lastSeenListed();
    assertThat(all()).containsExactly("snapshot 1 last-seen-complete");
    outbox.put(state("bob", PresenceState.ONLINE));
    assertThat(all()).containsExactly("changes 1");
  }

  @Test
  void shouldKeepOnlyTheNewestStateOfEachPresentity() {
    hello();
    outbox.snapshotListed();
    outbox.lastSeenListed();
    all();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 500; i++) {
        outbox.put(state("user" + i, round % 2 == 0 ? PresenceState.ONLINE : PresenceState.AWAY));
      }
    }
    assertThat(outbox.next())
        .isInstanceOfSatisfying(
            Outbound.Changes.class,
            changes ->
                assertThat(changes.presences())
                    .hasSize(500)
                    .allMatch(shared -> shared.presence().state() == PresenceState.AWAY));
    assertThat(outbox.next()).isNull();
  }

  @Test
  void shouldAnswerManyHeartbeatsAtOnce() {
    hello();
    outbox.acknowledge(1);
    outbox.acknowledge(2);
    assertThat(all()).containsExactly("hello", "ack 2");
  }

  @Test
  void shouldSayNothingAfterTheLastWord() {
    hello();
    outbox.put(state("bob", PresenceState.ONLINE));
    outbox.close(new Outbound.Closed(CloseReason.REPLACED, Advice.STOP));
    outbox.put(state("bob", PresenceState.AWAY));
    outbox.acknowledge(3);
    assertThat(all()).containsExactly("closed REPLACED");
    assertThat(all()).isEmpty();
  }

  @Test
  void shouldPingAfterHelloAndSayOnlyTheNewestPing() {
    outbox.ping(1);
    assertThat(all()).isEmpty();
    hello();
    outbox.ping(2);
    assertThat(all()).containsExactly("hello", "ping 2");
  }
}
