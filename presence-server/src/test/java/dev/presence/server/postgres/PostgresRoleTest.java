package dev.presence.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.loop.ThreadEventLoop;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.postgres.PostgresUpkeep.SchemaState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server's role with the grants of {@code docs/operations.md}, and no others. */
@ExtendWith(PostgresExtension.class)
class PostgresRoleTest {

  private static final Pattern GRANTS =
      Pattern.compile("```sql\n(create role presence .*?)```", Pattern.DOTALL);
  private static final NodeId NODE = new NodeId("server");
  private static final UserId ALICE = new UserId("alice");
  private static final long NOW = 1_767_225_600_000L;

  private final TestDatabase database;

  PostgresRoleTest(TestDatabase database) throws IOException {
    this.database = database;
    Path page = Path.of(System.getProperty("presence.root"), "docs", "operations.md");
    Matcher grants = GRANTS.matcher(Files.readString(page));
    assertThat(grants.find()).as("the page tells the grants").isTrue();
    database.execute(grants.group(1));
  }

  @Test
  void shouldBeEnoughForAServerAndForNothingElse() throws Exception {
    database.addUsers("alice", "bob");
    database.befriend("alice", "bob");
    // Without the user whom the embedded one puts there.
    String url = database.url().replaceAll("\\?.*", "");
    try (PostgresPool pool = new PostgresPool(url, "presence", "", 2);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        ThreadEventLoop loop = new ThreadEventLoop("upkeep")) {
      PostgresUpkeep upkeep = new PostgresUpkeep(loop, executor, pool);
      assertThat(upkeep.start().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(SchemaState.UP_TO_DATE);
      upkeep.stop();
      readAndWrite(pool);

      refused(pool, "create table mine (id int)");
      refused(pool, "delete from users");
      refused(pool, "update users set name = 'Mallory'");
      refused(pool, "insert into contacts values ('alice', 'bob')");
      refused(pool, "delete from sessions");
      refused(pool, "drop table sessions_default");
    }
  }

  private static void readAndWrite(PostgresPool pool) {
    PostgresJournalSink sink = new PostgresJournalSink(pool);
    SessionRow open =
        new SessionRow(SessionId.create(NOW, new Random(1)), ALICE, "phone", 1, 1, NOW, 0, null);
    WishRow busy = new WishRow(ALICE, new Wish(Availability.BUSY, NOW));
    sink.alive(NODE, "10.0.0.3:9091", NOW, NOW);
    sink.write(NODE, new Position(1, 1), List.of(open), List.of(busy));
    assertThat(sink.openNodes()).containsKey(NODE);
    assertThat(sink.openRows(NODE)).hasSize(1);
    assertThat(sink.openEpoch(NODE)).isEqualTo(1);
    assertThat(sink.closeLost(NODE, 1, NOW, NOW)).isEqualTo(1);
    SessionRow closed =
        new SessionRow(open.session(), ALICE, "phone", 1, 2, NOW, NOW + 1, CloseReason.SIGNED_OUT);
    sink.write(NODE, new Position(1, 2), List.of(closed), List.of());
    sink.ended(NODE, NOW);
    assertThat(sink.cursor(NODE)).isEqualTo(new Position(1, 2));

    PostgresRosterSource source = new PostgresRosterSource(pool);
    assertThat(source.rosters(List.of(ALICE)).values())
        .allSatisfy(roster -> assertThat(roster.contacts()).hasSize(1))
        .hasSize(1);
    assertThat(source.users(List.of(ALICE))).containsKey(ALICE);
    assertThat(source.directory("", "", 10)).hasSize(2);
  }

  private static void refused(PostgresPool pool, String sql) {
    assertThatThrownBy(() -> pool.jooq().execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            DataAccessException.class, e -> assertThat(e.sqlState()).isEqualTo("42501"));
  }
}
