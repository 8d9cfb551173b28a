package dev.presence.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ExtendWith(PostgresExtension.class)
class PostgresJournalSinkTest {

  private static final Logger log = LoggerFactory.getLogger(PostgresJournalSinkTest.class);

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final UserId ALICE = new UserId("alice");
  private static final long OPENED = Instant.parse("2026-03-04T05:06:07.891Z").toEpochMilli();

  private final Random random = new Random(7);
  private final SessionId session = SessionId.create(OPENED, random);
  private final TestDatabase database;
  private final PostgresPool pool;
  private final PostgresJournalSink sink;
  private long seq;

  PostgresJournalSinkTest(TestDatabase database) {
    this.database = database;
    pool = database.pool();
    sink = new PostgresJournalSink(pool);
  }

  @BeforeEach
  void clear() {
    database.clear();
    database.addUsers("alice", "bob");
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  // One owner

  @Test
  void shouldWriteOneRowThatOpensAndCloses() {
    write(A, open(1, 1, 0));
    assertThat(rows("alice")).containsExactly("a 1 1 1 0 - -");
    assertThat(database.ask("select extract(epoch from opened_at) * 1000 from sessions"))
        .containsExactly(OPENED + ".000000");
    assertThat(lastSeen("alice")).isEqualTo("-");

    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    assertThat(rows("alice")).containsExactly("a 1 1 3 5000 6000 SIGNED_OUT");
    assertThat(lastSeen("alice")).isEqualTo("5000");
    assertThat(database.ask("select device from sessions")).containsExactly("phone");
  }

  @Test
  void shouldChangeNothingWhenABatchIsRepeated() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    List<String> before = database.ask("select xmin, * from sessions");

    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));

    assertThat(database.ask("select xmin, * from sessions")).isEqualTo(before);
  }

  @Test
  void shouldKeepTheCloseWhenTheOpenComesLater() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(A, open(1, 1, 0));

    assertThat(rows("alice")).containsExactly("a 1 1 3 5000 6000 SIGNED_OUT");
  }

  @Test
  void shouldNeverTakeBackASignOfLife() {
    write(A, open(1, 1, 8_000));
    write(A, closed(1, 1, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(rows("alice")).containsExactly("a 1 1 3 8000 6000 CONNECTION_LOST");
  }

  // Two owners

  @Test
  void shouldReopenForAHigherAttemptOnAnotherNode() {
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));
    write(B, open(2, 1, 6_000));

    assertThat(rows("alice")).containsExactly("b 2 1 1 6000 - -");
    assertThat(lastSeen("alice")).isEqualTo("5000");
  }

  @Test
  void shouldNotLetAnOldOwnerUndoANewOne() {
    write(B, open(2, 1, 6_000));
    write(A, open(1, 7, 0));
    write(A, closed(1, 7, 5_000, CloseReason.CONNECTION_LOST));

    assertThat(rows("alice")).containsExactly("b 2 1 1 6000 - -");
  }

  @Test
  void shouldNotLetAnotherUserTouchARow() {
    write(A, open(1, 1, 0));
    write(B, row(session, new UserId("bob"), 2, 1, 0, 1_000, CloseReason.SIGNED_OUT));

    assertThat(rows("alice")).containsExactly("a 1 1 1 0 - -");
    assertThat(rows("bob")).isEmpty();
  }

  // A lost node

  @Test
  void shouldCloseWhatALostNodeLeftOpen() {
    SessionRow other = row(SessionId.create(OPENED, random), new UserId("bob"), 1, 1, 0, 0, null);
    write(A, open(1, 1, 0));
    write(B, other);
    sink.alive(A, OPENED, OPENED);
    sink.alive(B, OPENED, OPENED + 1);

    assertThat(sink.closeLost(A, OPENED + 9_000, OPENED + 20_000)).isEqualTo(1);

    assertThat(rows("alice")).containsExactly("a 1 1 2 9000 20000 NODE_LOST");
    assertThat(lastSeen("alice")).isEqualTo("9000");
    assertThat(rows("bob")).containsExactly("b 1 1 1 0 - -");
    assertThat(sink.openNodes()).containsOnly(Map.entry(B, OPENED + 1));

    assertThat(sink.closeLost(A, OPENED + 9_000, OPENED + 30_000)).isZero();
    assertThat(rows("alice")).containsExactly("a 1 1 2 9000 20000 NODE_LOST");
  }

  @Test
  void shouldPreferTheOwnersWordToALateFinishers() {
    write(A, open(1, 1, 0));
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));

    assertThat(sink.closeLost(A, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(rows("alice")).containsExactly("a 1 1 3 5000 6000 SIGNED_OUT");
    assertThat(lastSeen("alice")).isEqualTo("5000");
  }

  @Test
  void shouldPreferTheOwnersWordToAnEarlierFinishers() {
    write(A, open(1, 1, 0));
    sink.closeLost(A, OPENED + 9_000, OPENED + 20_000);
    write(A, closed(1, 1, 19_000, CloseReason.SIGNED_OUT));

    assertThat(rows("alice")).containsExactly("a 1 1 3 19000 20000 SIGNED_OUT");
    assertThat(lastSeen("alice")).isEqualTo("19000");
  }

  @Test
  void shouldNotCloseASessionThatMovedOnToAnotherNode() {
    write(A, open(1, 1, 0));
    write(B, open(2, 1, 6_000));

    assertThat(sink.closeLost(A, OPENED + 9_000, OPENED + 20_000)).isZero();

    assertThat(rows("alice")).containsExactly("b 2 1 1 6000 - -");
  }

  @Test
  void shouldReopenForANodeThatComesBackInANewEpoch() {
    write(A, open(1, 1, 0));
    sink.alive(A, OPENED, OPENED);
    sink.closeLost(A, OPENED + 9_000, OPENED + 20_000);
    assertThat(sink.openNodes()).isEmpty();

    write(A, open(1, 2, 9_500));
    sink.alive(A, OPENED, OPENED + 21_000);

    assertThat(rows("alice")).containsExactly("a 1 2 1 9500 - -");
    assertThat(sink.openNodes()).containsOnlyKeys(A);
  }

  @Test
  void shouldCloseManyRowsOfALostNodeInParts() {
    List<SessionRow> rows = many(4_500, 0, null);
    sink.write(A, new Position(1, 1), rows, List.of());

    assertThat(sink.closeLost(A, OPENED + 9_000, OPENED + 20_000)).isEqualTo(4_500);

    assertThat(database.ask("select count(*) from sessions where close_reason = 'NODE_LOST'"))
        .containsExactly("4500");
  }

  // Users, nodes, cursor

  @Test
  void shouldOnlyRaiseLastSeenAndPassOverUnknownUsers() {
    write(A, closed(1, 1, 5_000, CloseReason.SIGNED_OUT));
    write(
        A,
        row(SessionId.create(OPENED, random), ALICE, 1, 1, 3_000, 4_000, CloseReason.SIGNED_OUT),
        row(
            SessionId.create(OPENED, random),
            new UserId("nobody"),
            1,
            1,
            3_000,
            4_000,
            CloseReason.SIGNED_OUT));

    assertThat(lastSeen("alice")).isEqualTo("5000");
    assertThat(rows("nobody")).hasSize(1);
  }

  @Test
  void shouldTakeOverOnlyALaterWish() {
    wish(Availability.BUSY, 2_000);
    assertThat(wishOf("alice")).isEqualTo("BUSY 2000");
    wish(Availability.AVAILABLE, 1_000);
    assertThat(wishOf("alice")).isEqualTo("BUSY 2000");
    wish(Availability.AVAILABLE, 2_000);
    assertThat(wishOf("alice")).isEqualTo("BUSY 2000");
    wish(Availability.AVAILABLE, 3_000);
    assertThat(wishOf("alice")).isEqualTo("AVAILABLE 3000");
    wish(Availability.BUSY, 3_000);
    assertThat(wishOf("alice")).isEqualTo("BUSY 3000");
    assertThat(wishOf("bob")).startsWith("AVAILABLE");
  }

  @Test
  void shouldMoveTheCursorOnlyForward() {
    sink.write(A, new Position(1, 5), List.of(), List.of());
    sink.write(A, new Position(1, 3), List.of(), List.of());
    assertThat(cursor()).isEqualTo("1 5");
    sink.write(A, new Position(2, 6), List.of(), List.of());
    sink.write(A, new Position(1, 9), List.of(), List.of());
    assertThat(cursor()).isEqualTo("2 6");
  }

  @Test
  void shouldListNodesUntilTheyEnd() {
    sink.alive(A, 1_000, 5_000);
    sink.alive(A, 1_000, 4_000);
    sink.alive(B, 2_000, 2_000);
    sink.ended(B, 6_000);

    assertThat(sink.openNodes()).containsOnly(Map.entry(A, 5_000L));
    assertThat(database.ask("select extract(epoch from started_at)::int from nodes order by id"))
        .containsExactly("1", "2");
  }

  @Test
  void shouldNotBeHeldUpByWhatADatabaseCannotStore() {
    sink.write(
        A,
        new Position(1, 1),
        List.of(new SessionRow(session, ALICE, "pho\0ne", 1, 1, OPENED, 0, null)),
        List.of());

    assertThat(database.ask("select device from sessions")).containsExactly("phone");
  }

  // Many

  @Test
  void shouldWriteManyRowsInBatches() {
    List<SessionRow> rows = many(10_000, 0, null);
    List<SessionRow> closes =
        rows.stream()
            .map(
                row ->
                    new SessionRow(
                        row.session(),
                        row.user(),
                        row.device(),
                        1,
                        1,
                        OPENED + 5_000,
                        OPENED + 6_000,
                        CloseReason.SIGNED_OUT))
            .toList();
    writeTimed("opens", rows);
    writeTimed("closes", closes);

    assertThat(database.ask("select count(*) from sessions where phase = 3"))
        .containsExactly("10000");
  }

  private void writeTimed(String what, List<SessionRow> rows) {
    long start = System.nanoTime();
    for (int i = 0; i < rows.size(); i += 1_000) {
      sink.write(A, new Position(1, ++seq), rows.subList(i, i + 1_000), List.of());
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    log.info("{} {} in {} ms: {} rows/s", rows.size(), what, millis, rows.size() * 1_000L / millis);
  }

  @Test
  void shouldNotDeadlockWhenManyWriteTheSameRows() {
    List<SessionRow> rows = many(300, 1_000, CloseReason.SIGNED_OUT);
    try (ExecutorService writers = Executors.newFixedThreadPool(6)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int writer = 0; writer < 6; writer++) {
        int attempt = writer + 1;
        List<SessionRow> mine = new ArrayList<>(rows.stream().map(r -> again(r, attempt)).toList());
        Collections.shuffle(mine, new Random(writer));
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    sink.write(new NodeId("n" + attempt), new Position(1, i + 1), mine, List.of());
                    sink.closeLost(new NodeId("n" + attempt), OPENED, OPENED);
                  }
                },
                writers));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    assertThat(database.ask("select distinct node_id, attempt from sessions"))
        .containsExactly("n6 6");
    assertThat(
            database.ask(
                "select deadlocks from pg_stat_database where datname = current_database()"))
        .containsExactly("0");
  }

  private static SessionRow again(SessionRow row, int attempt) {
    return new SessionRow(
        row.session(),
        row.user(),
        row.device(),
        attempt,
        1,
        row.lastSignOfLifeMillis(),
        row.closedAtMillis(),
        row.closeReason());
  }

  private List<SessionRow> many(int count, long closedAfter, @Nullable CloseReason reason) {
    database.execute(
        "insert into users select 'u' || i, 'User ' || i from generate_series(0, 999) as i"
            + " on conflict do nothing");
    List<SessionRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SessionId id = SessionId.create(OPENED + i, random);
      rows.add(row(id, new UserId("u" + i % 1_000), 1, 1, 0, closedAfter, reason));
    }
    Collections.shuffle(rows, random);
    return rows;
  }

  private void write(NodeId node, SessionRow... rows) {
    sink.write(node, new Position(1, ++seq), List.of(rows), List.of());
  }

  private void wish(Availability availability, long after) {
    sink.write(
        A,
        new Position(1, ++seq),
        List.of(),
        List.of(new WishRow(ALICE, new Wish(availability, OPENED + after))));
  }

  private SessionRow open(int attempt, long epoch, long signAfter) {
    return row(session, ALICE, attempt, epoch, signAfter, 0, null);
  }

  private SessionRow closed(int attempt, long epoch, long signAfter, CloseReason reason) {
    return row(session, ALICE, attempt, epoch, signAfter, signAfter + 1_000, reason);
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

  /** Times in milliseconds since the session was opened. */
  private List<String> rows(String user) {
    return database.ask(
        "select node_id, attempt, node_epoch, phase, "
            + sinceOpen("last_sign_of_life_at")
            + ", "
            + sinceOpen("closed_at")
            + ", close_reason from sessions where user_id = '"
            + user
            + "' order by session_id");
  }

  private String lastSeen(String user) {
    return only("select " + sinceOpen("last_seen_at") + " from users where id = '" + user + "'");
  }

  private String wishOf(String user) {
    return only(
        "select availability, "
            + sinceOpen("availability_at")
            + " from users where id = '"
            + user
            + "'");
  }

  private String cursor() {
    return only("select epoch, seq from journal_cursor where node_id = 'a'");
  }

  private String only(String sql) {
    List<String> answers = database.ask(sql);
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  private static String sinceOpen(String column) {
    return "(extract(epoch from " + column + ") * 1000)::bigint - " + OPENED;
  }
}
