package dev.presence.lab.simulation.contract;

import static java.util.Objects.requireNonNull;

import dev.presence.lab.simulation.HistoryRow;
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
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/**
 * A history and what it tells of users, empty before each test, and rows of one session of Alice's.
 */
interface JournalUnderTest {

  NodeId A = new NodeId("a");
  NodeId B = new NodeId("b");
  UserId ALICE = new UserId("alice");
  UserId BOB = new UserId("bob");
  UserId NOBODY = new UserId("nobody");
  long OPENED = Instant.parse("2026-03-04T05:06:07.891Z").toEpochMilli();
  Random RANDOM = new Random(7);
  SessionId SESSION = SessionId.create(OPENED, RANDOM);

  /** The history. */
  JournalSink sink();

  /** What the same store tells of users. */
  RosterSource users();

  void addUser(UserId user, String name);

  /** All rows, by session. */
  List<HistoryRow> rows();

  @BeforeEach
  default void addTwo() {
    addUser(ALICE, "Alice");
    addUser(BOB, "Bob");
  }

  default void write(NodeId node, SessionRow... rows) {
    sink().write(node, next(node), List.of(rows), List.of());
  }

  default void wish(Availability availability, long after) {
    sink()
        .write(
            A,
            next(A),
            List.of(),
            List.of(new WishRow(ALICE, new Wish(availability, OPENED + after))));
  }

  default void moveCursor(long epoch, long toSeq) {
    sink().write(A, new Position(epoch, toSeq), List.of(), List.of());
  }

  private Position next(NodeId node) {
    return new Position(1, sink().cursor(node).seq() + 1);
  }

  /** A session that was opened so long after the first one. */
  default SessionId newSession(long openedAfter) {
    return SessionId.create(OPENED + openedAfter, RANDOM);
  }

  default SessionRow open(int attempt, long epoch, long signAfter) {
    return row(SESSION, ALICE, attempt, epoch, signAfter, 0, null);
  }

  default SessionRow closed(int attempt, long epoch, long signAfter, CloseReason reason) {
    return row(SESSION, ALICE, attempt, epoch, signAfter, signAfter + 1_000, reason);
  }

  default SessionRow rowOf(SessionId session, long signAfter) {
    return row(session, ALICE, 1, 1, signAfter, 0, null);
  }

  default SessionRow row(
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
  default List<String> told() {
    return rows().stream().map(JournalUnderTest::inShort).toList();
  }

  default List<String> told(UserId user) {
    return rows().stream()
        .filter(row -> row.user().equals(user))
        .map(JournalUnderTest::inShort)
        .toList();
  }

  private static String inShort(HistoryRow row) {
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

  default long lastSeen(UserId user) {
    return user(user).lastSeenMillis();
  }

  default Wish wishOf(UserId user) {
    return user(user).wish();
  }

  private StoredUser user(UserId user) {
    return requireNonNull(users().users(List.of(user)).get(user));
  }
}
