package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Position;
import dev.presence.server.model.Wish;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the history does to users: when they were last seen, and what they wish. */
interface JournalUsersContract extends JournalUnderTest {

  @Test
  default void shouldOnlyRaiseLastSeen() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, row(newSession(0), ALICE, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT));

    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
    assertThat(lastSeen(BOB)).isZero();
  }

  @Test
  default void shouldRaiseLastSeenToTheLatestOfOneBatch() {
    write(
        A,
        row(newSession(0), ALICE, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT),
        row(newSession(0), ALICE, 1, 1, 7_000, 8_000, CloseReason.SIGNED_OUT),
        row(newSession(0), ALICE, 1, 1, 5_000, 6_000, CloseReason.SIGNED_OUT));

    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 7_000);
  }

  @Test
  default void shouldKeepRowsOfUsersWhomItDoesNotKnow() {
    sink()
        .write(
            A,
            new Position(1, 1),
            List.of(
                row(newSession(0), NOBODY, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT),
                row(newSession(0), NOBODY, 1, 1, 3_000, 0, null)),
            List.of(new WishRow(NOBODY, new Wish(Availability.BUSY, OPENED))));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);

    assertThat(told(NOBODY)).hasSize(2);
    assertThat(users().users(List.of(NOBODY))).isEmpty();
  }

  @Test
  default void shouldTakeOverOnlyALaterWish() {
    wish(Availability.BUSY, 2_000);
    assertThat(wishOf(ALICE)).isEqualTo(new Wish(Availability.BUSY, OPENED + 2_000));
    wish(Availability.AVAILABLE, 1_000);
    wish(Availability.AVAILABLE, 2_000);
    assertThat(wishOf(ALICE)).isEqualTo(new Wish(Availability.BUSY, OPENED + 2_000));
    wish(Availability.AVAILABLE, 3_000);
    assertThat(wishOf(ALICE)).isEqualTo(new Wish(Availability.AVAILABLE, OPENED + 3_000));
    wish(Availability.BUSY, 3_000);
    assertThat(wishOf(ALICE)).isEqualTo(new Wish(Availability.BUSY, OPENED + 3_000));
    assertThat(wishOf(BOB)).isEqualTo(Wish.NONE);
  }
}
