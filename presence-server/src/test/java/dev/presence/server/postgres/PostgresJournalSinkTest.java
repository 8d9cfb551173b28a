package dev.presence.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.server.journal.SessionRow;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

/**
 * What is particular to PostgreSQL. What any history promises stands in the lab's contract, which
 * the real one passes too.
 */
@ExtendWith(PostgresExtension.class)
class PostgresJournalSinkTest {

  private static final Logger log = LoggerFactory.getLogger(PostgresJournalSinkTest.class);

  private static final NodeId A = new NodeId("a");
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
  void shouldNotCloseWhatTheOwnerOpensAgainWhileAFinisherWaitsForTheRow() throws Exception {
    write(A, open(1, 1, 0));
    try (Connection owner =
            DriverManager.getConnection(database.url(), TestDatabase.USER, TestDatabase.PASSWORD);
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute("update sessions set node_epoch = 2");
      CompletableFuture<Integer> closed =
          CompletableFuture.supplyAsync(
              () -> sink.closeLost(A, 1, OPENED + 9_000, OPENED + 20_000));
      await().until(() -> database.ask("select from pg_locks where not granted").size() == 1);
      owner.commit();

      assertThat(closed.get(10, TimeUnit.SECONDS)).isZero();
    }
    assertThat(database.ask("select node_epoch, phase, closed_at from sessions"))
        .containsExactly("2 1 -");
    assertThat(database.ask("select last_seen_at from users where id = 'alice'"))
        .containsExactly("-");
  }

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
                    sink.closeLost(new NodeId("n" + attempt), 1, OPENED, OPENED);
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
}
