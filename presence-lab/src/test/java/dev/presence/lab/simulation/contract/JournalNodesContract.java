package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.simulation.HistoryRow;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Batches, how far a node has come in the history, and which nodes are looked after. */
interface JournalNodesContract extends JournalUnderTest {

  @Test
  default void shouldWriteAllOfABatchOrNothing() {
    write(A, open(1, 1, 0));
    List<HistoryRow> before = rows();

    // One statement cannot change a row twice.
    assertThatThrownBy(
            () ->
                sink()
                    .write(
                        A,
                        new Position(1, 9),
                        List.of(
                            row(newSession(0), BOB, 1, 1, 0, 1_000, CloseReason.SIGNED_OUT),
                            open(2, 1, 0),
                            open(3, 1, 0)),
                        List.of(new WishRow(ALICE, new Wish(Availability.BUSY, OPENED)))))
        .isInstanceOf(RuntimeException.class);

    assertThat(rows()).isEqualTo(before);
    assertThat(sink().cursor(A)).isEqualTo(new Position(1, 1));
    assertThat(lastSeen(BOB)).isZero();
    assertThat(wishOf(ALICE)).isEqualTo(Wish.NONE);
  }

  @Test
  default void shouldMoveTheCursorOnlyForward() {
    assertThat(sink().cursor(A)).isEqualTo(Position.NONE);
    moveCursor(1, 5);
    moveCursor(1, 3);
    assertThat(sink().cursor(A)).isEqualTo(new Position(1, 5));
    moveCursor(2, 6);
    moveCursor(1, 9);
    assertThat(sink().cursor(A)).isEqualTo(new Position(2, 6));
    assertThat(sink().cursor(B)).isEqualTo(Position.NONE);
  }

  @Test
  default void shouldListNodesUntilTheyEnd() {
    sink().alive(B, "10.0.0.2:9091", 2_000, 2_000);
    sink().alive(A, "10.0.0.1:9091", 1_000, 5_000);
    sink().alive(A, "10.0.0.1:9091", 1_000, 4_000);
    assertThat(sink().openNodes()).containsExactly(Map.entry(A, 5_000L), Map.entry(B, 2_000L));

    sink().ended(B, 6_000);
    sink().ended(new NodeId("c"), 6_000);
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, 5_000L));

    sink().alive(B, "10.0.0.2:9091", 2_000, 7_000);
    assertThat(sink().openNodes()).containsEntry(B, 7_000L);
  }

  @Test
  default void shouldTellWhereNodesAreThatHaveNotEnded() {
    sink().alive(A, "10.0.0.1:9091", 1_000, 5_000);
    sink().alive(B, "10.0.0.2:9091", 2_000, 7_000);
    sink().alive(new NodeId("c"), "", 2_000, 6_000);
    sink().alive(new NodeId("d"), "10.0.0.2:9091", 1_000, 4_000);
    assertThat(sink().openAddresses()).containsExactly("10.0.0.2:9091", "10.0.0.1:9091");

    sink().alive(A, "10.0.0.3:9091", 1_000, 8_000);
    assertThat(sink().openAddresses()).containsExactly("10.0.0.3:9091", "10.0.0.2:9091");

    sink().ended(A, 9_000);
    sink().ended(new NodeId("d"), 9_000);
    assertThat(sink().openAddresses()).containsExactly("10.0.0.2:9091");
    write(A, open(1, 1, 700));
    assertThat(sink().openAddresses()).as("it is open again").hasSize(2);
  }

  @Test
  default void shouldLookAgainAfterANodeThatOpensRowsThoughItWasMarkedEnded() {
    sink().alive(A, "10.0.0.1:9091", OPENED, OPENED);
    sink().closeLost(A, 1, OPENED, OPENED + 1_000);
    assertThat(sink().openNodes()).isEmpty();

    write(A, open(1, 2, 0));
    assertThat(sink().openNodes()).containsOnlyKeys(A);
  }

  @Test
  default void shouldLookAfterANodeThatOpensRowsBeforeItSaysThatItIsAlive() {
    write(A, open(1, 1, 700));
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 700));

    sink().alive(A, "10.0.0.1:9091", OPENED - 500, OPENED + 900);
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 900));
  }

  @Test
  default void shouldNotBeHeldUpByWhatADatabaseCannotStore() {
    write(A, new SessionRow(SESSION, ALICE, "pho\0ne", 1, 1, OPENED, 0, null));

    assertThat(rows()).extracting(HistoryRow::device).containsExactly("phone");
  }
}
