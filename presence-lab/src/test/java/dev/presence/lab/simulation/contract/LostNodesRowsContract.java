package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.simulation.HistoryRow;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What finishers make of the rows of lost nodes, and what stands against them. */
interface LostNodesRowsContract extends JournalUnderTest {

  @Test
  default void shouldCloseWhatALostNodeLeftOpenOnce() {
    write(A, open(1, 1, 0));
    write(B, row(newSession(0), BOB, 1, 1, 0, 0, null));
    sink().alive(A, "10.0.0.1:9091", OPENED, OPENED);
    sink().alive(B, "10.0.0.2:9091", OPENED, OPENED + 1);

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isEqualTo(1);

    assertThat(told(ALICE)).containsExactly("a 1 1 LOST 9000 20000 NODE_LOST");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 9_000);
    assertThat(told(BOB)).containsExactly("b 1 1 OPEN 0 0 null");
    assertThat(sink().openNodes()).containsOnly(Map.entry(B, OPENED + 1));

    assertThat(sink().closeLost(A, 1, OPENED + 9_500, OPENED + 30_000)).isZero();
    assertThat(told(ALICE)).containsExactly("a 1 1 LOST 9000 20000 NODE_LOST");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 9_000);
  }

  @Test
  default void shouldPreferTheOwnersWordToALateFinishers() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 SIGNED_OUT");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  default void shouldPreferTheOwnersWordToAnEarlierFinishers() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, closed(1, 1, 19_000, CloseReason.SIGNED_OUT));

    assertThat(told()).containsExactly("a 1 1 CLOSED 19000 20000 SIGNED_OUT");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 19_000);
  }

  @Test
  default void shouldLetTheOwnerCorrectWhatAFinisherCouldOnlyGuess() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 CONNECTION_LOST");
    assertThat(lastSeen(ALICE)).as("what was shown is not taken back").isEqualTo(OPENED + 9_000);
  }

  @Test
  default void shouldTakeAnyOtherEndForMoreThanALoss() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.NODE_LOST));
    assertThat(told()).containsExactly("a 1 1 LOST 5000 6000 NODE_LOST");
    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    write(A, closed(1, 1, 4_000, CloseReason.SIGNED_OUT));
    write(A, closed(1, 1, 6_000, CloseReason.NODE_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 4000 5000 SIGNED_OUT");
  }

  @Test
  default void shouldNotReopenWhatAFinisherClosedForTheSameOpen() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, open(1, 1, 0));

    assertThat(told()).containsExactly("a 1 1 LOST 9000 20000 NODE_LOST");
  }

  @Test
  default void shouldNotCloseASessionThatMovedOnToAnotherNode() {
    write(A, open(1, 1, 0));
    write(B, open(2, 1, 6_000));

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
  }

  @Test
  default void shouldReopenForANodeThatComesBackInANewEpoch() {
    write(A, open(1, 1, 0));
    sink().alive(A, "10.0.0.1:9091", OPENED, OPENED);
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    assertThat(sink().openNodes()).isEmpty();

    write(A, open(1, 2, 9_500));
    sink().alive(A, "10.0.0.1:9091", OPENED, OPENED + 21_000);

    assertThat(told()).containsExactly("a 1 2 OPEN 9500 0 null");
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 21_000));
  }

  @Test
  default void shouldLeaveAloneWhatANodeOpenedInALaterEpochThanTheLostOne() {
    SessionId other = newSession(0);
    write(A, open(1, 1, 0), row(other, BOB, 1, 1, 0, 0, null));
    sink().alive(A, "10.0.0.1:9091", OPENED, OPENED);
    write(A, open(1, 2, 9_500));

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isEqualTo(1);

    assertThat(told(ALICE)).containsExactly("a 1 2 OPEN 9500 0 null");
    assertThat(lastSeen(ALICE)).isZero();
    assertThat(told(BOB)).containsExactly("a 1 1 LOST 9000 20000 NODE_LOST");
    assertThat(sink().openNodes()).as("something is open in its name").containsOnlyKeys(A);

    sink().closeLost(A, 2, OPENED + 19_000, OPENED + 30_000);
    assertThat(told(ALICE)).containsExactly("a 1 2 LOST 19000 30000 NODE_LOST");
    assertThat(sink().openNodes()).isEmpty();
  }

  @Test
  default void shouldNeverTakeBackASignOfLifeForALostNode() {
    write(A, closed(1, 1, 30_000, CloseReason.SIGNED_OUT), rowOf(newSession(0), 12_000));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);

    assertThat(told())
        .containsExactlyInAnyOrder(
            "a 1 1 CLOSED 30000 31000 SIGNED_OUT", "a 1 1 LOST 12000 20000 NODE_LOST");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 30_000);
  }

  @Test
  default void shouldCloseAllOfALostNodesManyRows() {
    List<SessionRow> rows = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      rows.add(rowOf(newSession(i), 0));
    }
    Collections.shuffle(rows, RANDOM);
    sink().write(A, new Position(1, 1), rows, List.of());

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isEqualTo(4_500);

    assertThat(rows()).hasSize(4_500).noneMatch(HistoryRow::open);
  }

  // What is open

  @Test
  default void shouldTellWhichRowsAreOpenInANodesName() {
    SessionId moved = newSession(0);
    SessionId ended = newSession(0);
    SessionId later = newSession(1);
    write(A, rowOf(moved, 0), rowOf(ended, 0), open(1, 1, 0), rowOf(later, 500));
    write(A, open(1, 3, 700), row(ended, ALICE, 1, 1, 0, 1_000, CloseReason.SIGNED_OUT));
    write(B, row(moved, ALICE, 2, 9, 0, 0, null));

    assertThat(sink().openRows(A)).containsExactly(open(1, 3, 700), rowOf(later, 500));
    assertThat(sink().openEpoch(A)).isEqualTo(3);
    assertThat(sink().openEpoch(B)).isEqualTo(9);
    assertThat(sink().openRows(new NodeId("c"))).isEmpty();
    assertThat(sink().openEpoch(new NodeId("c"))).isZero();
  }
}
