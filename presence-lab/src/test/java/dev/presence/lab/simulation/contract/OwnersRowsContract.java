package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.simulation.HistoryRow;
import dev.presence.lab.simulation.HistoryRow.Stage;
import dev.presence.server.model.CloseReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What owners say of their sessions: the newer word stands, in whatever order they come. */
interface OwnersRowsContract extends JournalUnderTest {

  @Test
  default void shouldKeepOneRowThatOpensAndCloses() {
    write(A, open(1, 1, 0));
    assertThat(rows())
        .containsExactly(
            new HistoryRow(SESSION, ALICE, "phone", A, 1, 1, OPENED, OPENED, 0, null, Stage.OPEN));
    assertThat(lastSeen(ALICE)).isZero();

    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    assertThat(rows())
        .containsExactly(
            new HistoryRow(
                SESSION,
                ALICE,
                "phone",
                A,
                1,
                1,
                OPENED,
                OPENED + 5_000,
                OPENED + 6_000,
                CloseReason.SIGNED_OUT,
                Stage.CLOSED));
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  default void shouldChangeNothingWhenABatchIsRepeated() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    List<HistoryRow> before = rows();

    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, closed(1, 1, 4_000, CloseReason.CONNECTION_LOST));

    assertThat(rows()).isEqualTo(before);
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  default void shouldKeepTheCloseWhenTheOpenComesLater() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, open(1, 1, 0));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 SIGNED_OUT");
  }

  @Test
  default void shouldTakeTheNewerWordForTheLastSignOfLifeThoughItIsEarlier() {
    write(A, open(1, 1, 8_000));
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 CONNECTION_LOST");
  }

  // Two owners

  @Test
  default void shouldReopenForAHigherAttemptOnAnotherNode() {
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));
    write(B, open(2, 1, 6_000));

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  default void shouldNotLetAnOldOwnerUndoANewOne() {
    write(B, open(2, 1, 6_000));
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
  }

  @Test
  default void shouldLetASignOutStandThatOutranTheOpenOfItsAttempt() {
    write(B, closed(2, 1, 6_000, CloseReason.SIGNED_OUT));
    write(A, open(2, 7, 6_100));
    assertThat(told()).containsExactly("b 2 1 CLOSED 6000 7000 SIGNED_OUT");

    write(A, open(3, 7, 8_000));
    write(B, closed(3, 1, 8_100, CloseReason.SIGNED_OUT));
    assertThat(told()).containsExactly("b 3 1 CLOSED 8100 9100 SIGNED_OUT");
  }

  @Test
  default void shouldBelieveWhoHeardTheClientLastWhereTwoNodesClosedAnAttempt() {
    write(A, closed(2, 7, 6_000, CloseReason.CONNECTION_LOST));
    write(B, closed(2, 1, 7_000, CloseReason.SIGNED_OUT));
    assertThat(told()).containsExactly("b 2 1 CLOSED 7000 8000 SIGNED_OUT");

    write(A, closed(2, 7, 6_000, CloseReason.CONNECTION_LOST));
    assertThat(told()).containsExactly("b 2 1 CLOSED 7000 8000 SIGNED_OUT");
  }

  @Test
  default void shouldReopenForALaterEpochOfTheSameAttempt() {
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));
    write(A, open(1, 2, 6_000));
    write(A, closed(1, 1, 5_500, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 2 OPEN 6000 0 null");
  }

  @Test
  default void shouldNotLetAnotherUserTouchARow() {
    write(A, open(1, 1, 0));
    write(B, row(SESSION, BOB, 2, 1, 0, 1_000, CloseReason.SIGNED_OUT));

    assertThat(told()).containsExactly("a 1 1 OPEN 0 0 null");
    assertThat(rows()).extracting(HistoryRow::user).containsExactly(ALICE);
  }
}
