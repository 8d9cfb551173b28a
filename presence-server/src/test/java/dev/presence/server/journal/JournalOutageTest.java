package dev.presence.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.presence.migrations.Migrations;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.loop.ThreadEventLoop;
import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.postgres.OwnPostgres;
import dev.presence.server.postgres.PostgresJournalSink;
import dev.presence.server.postgres.PostgresPool;
import dev.presence.server.postgres.PostgresRosterSource;
import dev.presence.server.postgres.PostgresUpkeep;
import dev.presence.server.postgres.TestDatabase;
import dev.presence.server.roster.Roster;
import dev.presence.server.roster.RosterUnavailableException;
import dev.presence.server.roster.Rosters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real PostgreSQL goes away while the journal writes and rosters are read. */
@ResourceLock(JournalStory.LOG)
class JournalOutageTest {

  private static final Logger log = LoggerFactory.getLogger(JournalOutageTest.class);

  private static final NodeId SELF = new NodeId("self");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final int SESSIONS = 600;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Fewer than come while PostgreSQL is away: the others wait in the stream. */
  private static final int HELD_ROWS = 50;

  private final Random random = new Random(5);
  private final StreamInMemory stream = new StreamInMemory();
  private long seq;

  @Test
  void shouldLoseNoRowWhilePostgresIsAway(@TempDir Path folder) throws Exception {
    try (OwnPostgres postgres = OwnPostgres.create(folder);
        PostgresPool pool =
            new PostgresPool(
                postgres.url(),
                TestDatabase.USER,
                TestDatabase.PASSWORD,
                PostgresPool.DEFAULT_SIZE);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        ThreadEventLoop loop = new ThreadEventLoop("journal")) {
      TestDatabase database = new TestDatabase(postgres.url());

      // The server starts while PostgreSQL is away.
      PostgresUpkeep upkeep = new PostgresUpkeep(loop, executor, pool);
      assertThat(upkeep.start().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(PostgresUpkeep.SchemaState.UNREACHABLE);
      upkeep.stop();

      postgres.start();
      PostgresUpkeep early = new PostgresUpkeep(loop, executor, pool);
      assertThat(early.start().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(PostgresUpkeep.SchemaState.OUTDATED);
      early.stop();
      Migrations.apply(postgres.url(), TestDatabase.USER, TestDatabase.PASSWORD);
      PostgresUpkeep ready = new PostgresUpkeep(loop, executor, pool);
      assertThat(ready.start().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(PostgresUpkeep.SchemaState.UP_TO_DATE);
      ready.stop();
      database.addUsers("alice", "bob");
      database.befriend("alice", "bob");

      SharedClock clock = new SharedClock(loop);
      clock.set(System.currentTimeMillis());
      PostgresJournalSink sink = new PostgresJournalSink(pool);
      Journal journal =
          new Journal(
              loop, executor, sink, clock, SELF, "", stream, new BacklogRules(HELD_ROWS, 100_000));
      AtomicLong written = new AtomicLong();
      journal.onWritten(position -> written.set(position.seq()));
      Rosters rosters =
          new Rosters(new PostgresRosterSource(pool), loop, executor, 1_000, Duration.ofMillis(1));
      Roster before = rosters.roster(ALICE).get(10, TimeUnit.SECONDS);
      assertThat(before.sees(BOB)).isTrue();

      SessionId[] sessions = new SessionId[SESSIONS];
      int opened = 0;
      for (; opened < SESSIONS / 3; opened++) {
        sessions[opened] = open(journal, clock);
      }
      await().atMost(PATIENCE).until(() -> count(database, "closed_at is null") > 0);

      // In the middle of a stream of rows.
      for (; opened < 2 * SESSIONS / 3; opened++) {
        sessions[opened] = open(journal, clock);
        if (opened == SESSIONS / 2) {
          postgres.stop();
        }
      }
      for (; opened < SESSIONS; opened++) {
        sessions[opened] = open(journal, clock);
      }
      for (int i = 0; i < SESSIONS / 2; i++) {
        close(journal, clock, sessions[i]);
      }
      assertThat(rosters.roster(ALICE).get(20, TimeUnit.SECONDS).sees(BOB))
          .as("a cached roster is used past its age")
          .isTrue();
      assertThat(rosters.roster(BOB))
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .withCauseExactlyInstanceOf(RosterUnavailableException.class);
      assertThat(written.get()).isLessThan(seq);

      postgres.start();
      long backAt = System.nanoTime();
      await().atMost(PATIENCE).until(() -> written.get() == seq);
      log.info(
          "all written {} ms after PostgreSQL was back",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - backAt));

      assertThat(count(database, "true")).isEqualTo(SESSIONS);
      assertThat(count(database, "close_reason = 'SIGNED_OUT' and phase = 3"))
          .isEqualTo(SESSIONS / 2);
      assertThat(database.ask("select epoch, seq from journal_cursor")).containsExactly("1 " + seq);
      assertThat(database.ask("select count(*) from users where last_seen_at is not null"))
          .containsExactly("1");
      assertThat(rosters.roster(BOB).get(20, TimeUnit.SECONDS).sees(ALICE)).isTrue();

      // As by a crash, in the middle of a write.
      for (int i = SESSIONS / 2; i < SESSIONS; i++) {
        close(journal, clock, sessions[i]);
        if (i == SESSIONS - 20) {
          postgres.kill();
        }
      }
      postgres.start();
      var _ = journal.stop(PATIENCE).toCompletableFuture().get(60, TimeUnit.SECONDS);

      assertThat(count(database, "close_reason = 'SIGNED_OUT' and phase = 3")).isEqualTo(SESSIONS);
    }
  }

  private SessionId open(Journal journal, SharedClock clock) {
    SessionId id = SessionId.create(clock.nowMillis(), random);
    publish(journal, clock, id, Phase.CONNECTED);
    return id;
  }

  private void close(Journal journal, SharedClock clock, SessionId id) {
    publish(journal, clock, id, Phase.CLOSED);
  }

  private void publish(Journal journal, SharedClock clock, SessionId id, Phase phase) {
    SessionRecord record =
        new SessionRecord(
            id,
            ALICE,
            "phone",
            1,
            phase,
            Activity.ACTIVE,
            Wish.NONE,
            clock.nowMillis(),
            phase == Phase.CLOSED ? CloseReason.SIGNED_OUT : null);
    seq++;
    stream.add(new Position(1, seq), false, List.of(record), List.of());
    journal.published(
        new ChangeSet(SELF, new Position(1, seq), seq - 1, false, List.of(record), List.of()));
  }

  private static long count(TestDatabase database, String condition) {
    return Long.parseLong(
        database.ask("select count(*) from sessions where " + condition).getFirst());
  }
}
