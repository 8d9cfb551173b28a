package dev.presence.lab.simulation.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.simulation.FakePostgres.Row;
import dev.presence.lab.simulation.FakePostgres.Stage;
import dev.presence.server.journal.JournalSink;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource;
import dev.presence.server.roster.RosterSource.StoredUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a history promises, whoever keeps it. */
abstract class JournalSinkContract {

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final UserId NOBODY = new UserId("nobody");
  private static final long OPENED = Instant.parse("2026-03-04T05:06:07.891Z").toEpochMilli();

  private final Random random = new Random(7);
  private final SessionId session = SessionId.create(OPENED, random);
  private long seq;

  /** The history, empty at the beginning of each test. */
  abstract JournalSink sink();

  /** What the same store tells of users. */
  abstract RosterSource users();

  abstract void addUser(UserId user, String name);

  /** All rows, by session. */
  abstract List<Row> rows();

  @BeforeEach
  void addTwo() {
    addUser(ALICE, "Alice");
    addUser(BOB, "Bob");
  }

  // One owner

  @Test
  void shouldKeepOneRowThatOpensAndCloses() {
    write(A, open(1, 1, 0));
    assertThat(rows())
        .containsExactly(
            new Row(session, ALICE, "phone", A, 1, 1, OPENED, OPENED, 0, null, Stage.OPEN));
    assertThat(lastSeen(ALICE)).isZero();

    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    assertThat(rows())
        .containsExactly(
            new Row(
                session,
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
  void shouldChangeNothingWhenABatchIsRepeated() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    List<Row> before = rows();

    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, closed(1, 1, 4_000, CloseReason.CONNECTION_LOST));

    assertThat(rows()).isEqualTo(before);
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  void shouldKeepTheCloseWhenTheOpenComesLater() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, open(1, 1, 0));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 SIGNED_OUT");
  }

  @Test
  void shouldTakeTheNewerWordForTheLastSignOfLifeThoughItIsEarlier() {
    write(A, open(1, 1, 8_000));
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 CONNECTION_LOST");
  }

  // Two owners

  @Test
  void shouldReopenForAHigherAttemptOnAnotherNode() {
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));
    write(B, open(2, 1, 6_000));

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  void shouldNotLetAnOldOwnerUndoANewOne() {
    write(B, open(2, 1, 6_000));
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
  }

  @Test
  void shouldLetASignOutStandThatOutranTheOpenOfItsAttempt() {
    write(B, closed(2, 1, 6_000, CloseReason.SIGNED_OUT));
    write(A, open(2, 7, 6_100));
    assertThat(told()).containsExactly("b 2 1 CLOSED 6000 7000 SIGNED_OUT");

    write(A, open(3, 7, 8_000));
    write(B, closed(3, 1, 8_100, CloseReason.SIGNED_OUT));
    assertThat(told()).containsExactly("b 3 1 CLOSED 8100 9100 SIGNED_OUT");
  }

  @Test
  void shouldBelieveWhoHeardTheClientLastWhereTwoNodesClosedAnAttempt() {
    write(A, closed(2, 7, 6_000, CloseReason.CONNECTION_LOST));
    write(B, closed(2, 1, 7_000, CloseReason.SIGNED_OUT));
    assertThat(told()).containsExactly("b 2 1 CLOSED 7000 8000 SIGNED_OUT");

    write(A, closed(2, 7, 6_000, CloseReason.CONNECTION_LOST));
    assertThat(told()).containsExactly("b 2 1 CLOSED 7000 8000 SIGNED_OUT");
  }

  @Test
  void shouldReopenForALaterEpochOfTheSameAttempt() {
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));
    write(A, open(1, 2, 6_000));
    write(A, closed(1, 1, 5_500, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 2 OPEN 6000 0 null");
  }

  @Test
  void shouldNotLetAnotherUserTouchARow() {
    write(A, open(1, 1, 0));
    write(B, row(session, BOB, 2, 1, 0, 1_000, CloseReason.SIGNED_OUT));

    assertThat(told()).containsExactly("a 1 1 OPEN 0 0 null");
    assertThat(rows()).extracting(Row::user).containsExactly(ALICE);
  }

  // A lost node

  @Test
  void shouldCloseWhatALostNodeLeftOpenOnce() {
    write(A, open(1, 1, 0));
    write(B, row(newSession(), BOB, 1, 1, 0, 0, null));
    sink().alive(A, OPENED, OPENED);
    sink().alive(B, OPENED, OPENED + 1);

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
  void shouldPreferTheOwnersWordToALateFinishers() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 SIGNED_OUT");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
  }

  @Test
  void shouldPreferTheOwnersWordToAnEarlierFinishers() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, closed(1, 1, 19_000, CloseReason.SIGNED_OUT));

    assertThat(told()).containsExactly("a 1 1 CLOSED 19000 20000 SIGNED_OUT");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 19_000);
  }

  @Test
  void shouldLetTheOwnerCorrectWhatAFinisherCouldOnlyGuess() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 5000 6000 CONNECTION_LOST");
    assertThat(lastSeen(ALICE)).as("what was shown is not taken back").isEqualTo(OPENED + 9_000);
  }

  @Test
  void shouldTakeAnyOtherEndForMoreThanALoss() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.NODE_LOST));
    assertThat(told()).containsExactly("a 1 1 LOST 5000 6000 NODE_LOST");
    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    write(A, closed(1, 1, 4_000, CloseReason.SIGNED_OUT));
    write(A, closed(1, 1, 6_000, CloseReason.NODE_LOST));

    assertThat(told()).containsExactly("a 1 1 CLOSED 4000 5000 SIGNED_OUT");
  }

  @Test
  void shouldNotReopenWhatAFinisherClosedForTheSameOpen() {
    write(A, open(1, 1, 0));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    write(A, open(1, 1, 0));

    assertThat(told()).containsExactly("a 1 1 LOST 9000 20000 NODE_LOST");
  }

  @Test
  void shouldNotCloseASessionThatMovedOnToAnotherNode() {
    write(A, open(1, 1, 0));
    write(B, open(2, 1, 6_000));

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(told()).containsExactly("b 2 1 OPEN 6000 0 null");
  }

  @Test
  void shouldReopenForANodeThatComesBackInANewEpoch() {
    write(A, open(1, 1, 0));
    sink().alive(A, OPENED, OPENED);
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);
    assertThat(sink().openNodes()).isEmpty();

    write(A, open(1, 2, 9_500));
    sink().alive(A, OPENED, OPENED + 21_000);

    assertThat(told()).containsExactly("a 1 2 OPEN 9500 0 null");
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 21_000));
  }

  @Test
  void shouldLeaveAloneWhatANodeOpenedInALaterEpochThanTheLostOne() {
    SessionId other = newSession();
    write(A, open(1, 1, 0), row(other, BOB, 1, 1, 0, 0, null));
    sink().alive(A, OPENED, OPENED);
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
  void shouldNeverTakeBackASignOfLifeForALostNode() {
    write(A, closed(1, 1, 30_000, CloseReason.SIGNED_OUT), rowOf(newSession(), 12_000));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);

    assertThat(told())
        .containsExactlyInAnyOrder(
            "a 1 1 CLOSED 30000 31000 SIGNED_OUT", "a 1 1 LOST 12000 20000 NODE_LOST");
    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 30_000);
  }

  @Test
  void shouldCloseAllOfALostNodesManyRows() {
    List<SessionRow> rows = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      rows.add(rowOf(SessionId.create(OPENED + i, random), 0));
    }
    Collections.shuffle(rows, random);
    sink().write(A, new Position(1, 1), rows, List.of());

    assertThat(sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000)).isEqualTo(4_500);

    assertThat(rows()).hasSize(4_500).noneMatch(Row::open);
  }

  // What is open

  @Test
  void shouldTellWhichRowsAreOpenInANodesName() {
    SessionId moved = newSession();
    SessionId ended = newSession();
    SessionId later = SessionId.create(OPENED + 1, random);
    write(A, rowOf(moved, 0), rowOf(ended, 0), open(1, 1, 0), rowOf(later, 500));
    write(A, open(1, 3, 700), row(ended, ALICE, 1, 1, 0, 1_000, CloseReason.SIGNED_OUT));
    write(B, row(moved, ALICE, 2, 9, 0, 0, null));

    assertThat(sink().openRows(A)).containsExactly(open(1, 3, 700), rowOf(later, 500));
    assertThat(sink().openEpoch(A)).isEqualTo(3);
    assertThat(sink().openEpoch(B)).isEqualTo(9);
    assertThat(sink().openRows(new NodeId("c"))).isEmpty();
    assertThat(sink().openEpoch(new NodeId("c"))).isZero();
  }

  // Users

  @Test
  void shouldOnlyRaiseLastSeen() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, row(newSession(), ALICE, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT));

    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 5_000);
    assertThat(lastSeen(BOB)).isZero();
  }

  @Test
  void shouldRaiseLastSeenToTheLatestOfOneBatch() {
    write(
        A,
        row(newSession(), ALICE, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT),
        row(newSession(), ALICE, 1, 1, 7_000, 8_000, CloseReason.SIGNED_OUT),
        row(newSession(), ALICE, 1, 1, 5_000, 6_000, CloseReason.SIGNED_OUT));

    assertThat(lastSeen(ALICE)).isEqualTo(OPENED + 7_000);
  }

  @Test
  void shouldKeepRowsOfUsersWhomItDoesNotKnow() {
    sink()
        .write(
            A,
            new Position(1, 1),
            List.of(
                row(newSession(), NOBODY, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT),
                row(newSession(), NOBODY, 1, 1, 3_000, 0, null)),
            List.of(new WishRow(NOBODY, new Wish(Availability.BUSY, OPENED))));
    sink().closeLost(A, 1, OPENED + 9_000, OPENED + 20_000);

    assertThat(told(NOBODY)).hasSize(2);
    assertThat(users().users(List.of(NOBODY))).isEmpty();
  }

  @Test
  void shouldTakeOverOnlyALaterWish() {
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

  // Cursor and nodes

  @Test
  void shouldWriteAllOfABatchOrNothing() {
    write(A, open(1, 1, 0));
    List<Row> before = rows();

    // One statement cannot change a row twice.
    assertThatThrownBy(
            () ->
                sink()
                    .write(
                        A,
                        new Position(1, 9),
                        List.of(
                            row(newSession(), BOB, 1, 1, 0, 1_000, CloseReason.SIGNED_OUT),
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
  void shouldMoveTheCursorOnlyForward() {
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
  void shouldListNodesUntilTheyEnd() {
    sink().alive(B, 2_000, 2_000);
    sink().alive(A, 1_000, 5_000);
    sink().alive(A, 1_000, 4_000);
    assertThat(sink().openNodes()).containsExactly(Map.entry(A, 5_000L), Map.entry(B, 2_000L));

    sink().ended(B, 6_000);
    sink().ended(new NodeId("c"), 6_000);
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, 5_000L));

    sink().alive(B, 2_000, 7_000);
    assertThat(sink().openNodes()).containsEntry(B, 7_000L);
  }

  @Test
  void shouldLookAgainAfterANodeThatOpensRowsThoughItWasMarkedEnded() {
    sink().alive(A, OPENED, OPENED);
    sink().closeLost(A, 1, OPENED, OPENED + 1_000);
    assertThat(sink().openNodes()).isEmpty();

    write(A, open(1, 2, 0));
    assertThat(sink().openNodes()).containsOnlyKeys(A);
  }

  @Test
  void shouldLookAfterANodeThatOpensRowsBeforeItSaysThatItIsAlive() {
    write(A, open(1, 1, 700));
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 700));

    sink().alive(A, OPENED - 500, OPENED + 900);
    assertThat(sink().openNodes()).containsOnly(Map.entry(A, OPENED + 900));
  }

  @Test
  void shouldNotBeHeldUpByWhatADatabaseCannotStore() {
    write(A, new SessionRow(session, ALICE, "pho\0ne", 1, 1, OPENED, 0, null));

    assertThat(rows()).extracting(Row::device).containsExactly("phone");
  }

  private void write(NodeId node, SessionRow... rows) {
    sink().write(node, new Position(1, ++seq), List.of(rows), List.of());
  }

  private void wish(Availability availability, long after) {
    sink()
        .write(
            A,
            new Position(1, ++seq),
            List.of(),
            List.of(new WishRow(ALICE, new Wish(availability, OPENED + after))));
  }

  private void moveCursor(long epoch, long toSeq) {
    sink().write(A, new Position(epoch, toSeq), List.of(), List.of());
  }

  private SessionId newSession() {
    return SessionId.create(OPENED, random);
  }

  private SessionRow open(int attempt, long epoch, long signAfter) {
    return row(session, ALICE, attempt, epoch, signAfter, 0, null);
  }

  private SessionRow closed(int attempt, long epoch, long signAfter, CloseReason reason) {
    return row(session, ALICE, attempt, epoch, signAfter, signAfter + 1_000, reason);
  }

  private static SessionRow rowOf(SessionId session, long signAfter) {
    return row(session, ALICE, 1, 1, signAfter, 0, null);
  }

  private static SessionRow row(
      SessionId session,
      UserId user,
      int attempt,
      long epoch,
      long signAfter,
      long closedAfter,
      @Nullable CloseReason reason) {
    return new SessionRow(
        session,
        user,
        "phone",
        attempt,
        epoch,
        OPENED + signAfter,
        reason == null ? 0 : OPENED + closedAfter,
        reason);
  }

  /** Rows in short: times in milliseconds since the first session was opened. */
  private List<String> told() {
    return rows().stream().map(JournalSinkContract::inShort).toList();
  }

  private List<String> told(UserId user) {
    return rows().stream()
        .filter(row -> row.user().equals(user))
        .map(JournalSinkContract::inShort)
        .toList();
  }

  private static String inShort(Row row) {
    return String.join(
        " ",
        row.node().value(),
        Integer.toString(row.attempt()),
        Long.toString(row.epoch()),
        row.stage().name(),
        Long.toString(row.lastSignOfLifeMillis() - OPENED),
        Long.toString(row.open() ? 0 : row.closedAtMillis() - OPENED),
        String.valueOf(row.closeReason()));
  }

  private long lastSeen(UserId user) {
    return user(user).lastSeenMillis();
  }

  private Wish wishOf(UserId user) {
    return user(user).wish();
  }

  private StoredUser user(UserId user) {
    return requireNonNull(users().users(List.of(user)).get(user));
  }
}
