package dev.presence.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerlessRowsTest extends JournalStory {

  // Rows that nobody owns

  @Test
  void shouldCloseItsOwnRowThatNobodyOwnsAfterTwoLooks() {
    start();
    leaveOwnRow();
    loop.advance(Duration.ofSeconds(119));
    assertThat(row(session).closed()).isFalse();
    loop.advance(Duration.ofSeconds(2));

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.CONNECTION_LOST);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW);
  }

  @Test
  void shouldTellWhenItHeardTheClientLastBeforeTheSessionMovedAway() {
    start();
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    publish(record(session, 1, Phase.SUSPENDED, 40_000));
    publish(false, List.of(), List.of(new SessionKey(session, ALICE)));
    loop.advance(Duration.ofMinutes(3));

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.CONNECTION_LOST);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW + 40_000);
  }

  @Test
  void shouldLeaveItsOwnRowOpenWhileTheSessionIsCarriedSomewhere() {
    start();
    leaveOwnRow();
    carried.add(new SessionKey(session, ALICE));
    loop.advance(Duration.ofMinutes(5));
    assertThat(row(session).closed()).isFalse();

    carried.clear();
    loop.advance(Duration.ofSeconds(61));
    assertThat(row(session).closed()).as("one look is not enough").isFalse();
    loop.advance(Duration.ofSeconds(60));
    assertThat(row(session).closed()).isTrue();
  }

  @Test
  void shouldLeaveItsOwnRowOpenWhileTheSessionIsHere() {
    start();
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(Duration.ofMinutes(5));

    assertThat(row(session).closed()).isFalse();
  }

  @Test
  void shouldCloseNoRowWhileNobodyCanTellWhereSessionsAre() {
    start();
    leaveOwnRow();
    stale = true;
    loop.advance(Duration.ofMinutes(5));

    assertThat(row(session).closed()).isFalse();
  }

  /** The session has moved away, and its new owner has written nothing yet. */
  private void leaveOwnRow() {
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    publish(false, List.of(), List.of(new SessionKey(session, ALICE)));
    loop.advance(Duration.ofSeconds(1).minus(GATHER));
  }

  // Vanished nodes

  @Test
  void shouldCloseWhatAVanishedNodeLeftOpenAfterTwoLooks() {
    sink.write(OTHER, Position.NONE, List.of(openRow(session)), List.of());
    sink.alive(OTHER, "10.0.0.3:9091", NOW, NOW - 90_000);
    start();

    loop.advance(Duration.ofSeconds(59));
    assertThat(row(session).closed()).isFalse();
    loop.advance(Duration.ofSeconds(1));

    assertThat(row(session).closeReason()).isEqualTo(CloseReason.NODE_LOST);
    assertThat(sink.lastSeen).containsEntry(ALICE, NOW);
    assertThat(sink.aliveAt).containsOnlyKeys(SELF);
  }

  @Test
  void shouldLeaveALiveNodeAlone() {
    sink.alive(OTHER, "10.0.0.3:9091", NOW, NOW - 90_000);
    live.add(OTHER);
    start();
    loop.advance(Duration.ofMinutes(10));

    assertThat(sink.aliveAt).containsOnlyKeys(OTHER, SELF);
  }

  @Test
  void shouldLeaveANodeAloneThatSpokeBetweenTwoLooks() {
    sink.alive(OTHER, "10.0.0.3:9091", NOW, NOW - 90_000);
    start();
    for (int i = 0; i < 10; i++) {
      loop.advance(Duration.ofSeconds(61));
      sink.alive(OTHER, "10.0.0.3:9091", NOW, clock.nowMillis() - 59_000);
    }

    assertThat(sink.aliveAt).containsOnlyKeys(OTHER, SELF);
  }
}
