package dev.presence.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sink is away for long: what waits is bounded, in memory and in the store. */
class BacklogTest extends JournalStory {

  private static final int HELD = 100;
  private static final int BOUND = 1_000;

  @Override
  BacklogRules rules() {
    return new BacklogRules(HELD, BOUND);
  }

  @Test
  void shouldWriteEveryRowThoughFewWaitInMemory() {
    sink.away = true;
    SessionId[] sessions = openOneByOne(600);
    for (int i = 0; i < 200; i++) {
      publish(closed(sessions[i], 1, 1_000, CloseReason.SIGNED_OUT));
    }
    loop.advance(Duration.ofMinutes(5));
    assertThat(stream.reads).as("memory is not filled from the stream").isZero();

    sink.away = false;
    loop.advance(Duration.ofSeconds(10));

    assertThat(sink.rows).hasSize(600);
    assertThat(sink.rows.values().stream().filter(stored -> stored.row().closed())).hasSize(200);
    assertThat(written).endsWith(position);
    assertThat(messages()).doesNotContain("changes were dropped before PostgreSQL had them");
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(GATHER);
    assertThat(row(session).closed()).as("and goes on").isFalse();
  }

  @Test
  void shouldTellWhenASessionEndedThoughItIsReadBackLater() {
    sink.away = true;
    openOneByOne(HELD + 1);
    publish(record(session, 1, Phase.CONNECTED, 0));
    loop.advance(Duration.ofMinutes(1));
    publish(closed(session, 1, 30_000, CloseReason.SIGNED_OUT));
    long ended = clock.nowMillis();
    loop.advance(Duration.ofHours(1));

    sink.away = false;
    loop.advance(Duration.ofSeconds(10));

    assertThat(row(session).closedAtMillis()).isBetween(ended - 1_000, ended);
    assertThat(row(session).lastSignOfLifeMillis()).isEqualTo(NOW + 30_000);
  }

  @Test
  void shouldKeepWishesThatWaitInTheStream() {
    sink.away = true;
    openOneByOne(HELD + 1);
    Wish busy = new Wish(Availability.BUSY, NOW + 5);
    journal.wish(ALICE, busy);
    publish(wishing(busy));

    sink.away = false;
    loop.advance(Duration.ofSeconds(10));

    assertThat(sink.wishes).containsEntry(ALICE, busy);
  }

  @Test
  void shouldWaitForTheStoreToReadBack() {
    sink.away = true;
    openOneByOne(300);
    stream.away = true;
    sink.away = false;
    loop.advance(Duration.ofMinutes(1));
    assertThat(sink.rows).hasSize(HELD);

    stream.away = false;
    loop.advance(Duration.ofSeconds(10));
    assertThat(sink.rows).hasSize(300);
  }

  @Test
  void shouldReadOnOverANewEpoch() {
    sink.away = true;
    openOneByOne(HELD + 50);
    SessionId during = SessionId.create(NOW, random);
    position = new Position(2, position.seq());
    publish(true, List.of(record(during, 1, Phase.CONNECTED, 0)), List.of());
    openOneByOne(50);

    sink.away = false;
    loop.advance(Duration.ofSeconds(10));

    assertThat(sink.rows).hasSize(HELD + 101);
    assertThat(row(during).nodeEpoch()).isEqualTo(2);
    assertThat(written).endsWith(position);
    assertThat(messages()).doesNotContain("changes were dropped before PostgreSQL had them");
  }

  @Test
  void shouldRaiseAlarmsLongBeforeTheBound() {
    sink.away = true;
    openOneByOne(BOUND / 2);

    assertThat(messages())
        .filteredOn(message -> message.equals("the journal is behind"))
        .hasSize(3);
    assertThat(messages()).doesNotContain("changes were dropped before PostgreSQL had them");
  }

  @Test
  void shouldLetGoOfTheOldestAtTheBoundAndCountIt() {
    sink.away = true;
    SessionId[] sessions = openOneByOne(HELD + 2 * BOUND);
    for (SessionId id : List.of(sessions[HELD + 1], sessions[HELD + 2])) {
      publish(closed(id, 1, 1_000, CloseReason.SIGNED_OUT));
    }
    assertThat(stream.changes).hasSizeLessThanOrEqualTo(BOUND);
    assertThat(messages()).contains("changes were dropped before PostgreSQL had them");
    long lost = lostRows();
    assertThat(lost).isBetween((long) BOUND, BOUND + BOUND / 5L);

    sink.away = false;
    loop.advance(Duration.ofSeconds(30));

    assertThat(sink.rows).as("who is still open has a row").hasSize(HELD + 2 * BOUND);
    assertThat(sink.rows.values().stream().filter(stored -> stored.row().closed())).hasSize(2);
    assertThat(written).endsWith(position);
  }

  @Test
  void shouldCountWhatTheStoreLost() {
    sink.away = true;
    openOneByOne(HELD + 200);
    stream.changes.removeIf(changeSet -> changeSet.position().seq() > HELD + 150);

    sink.away = false;
    loop.advance(Duration.ofSeconds(10));

    assertThat(lostRows()).isBetween(40L, 60L);
    assertThat(sink.rows).hasSize(HELD + 200);
  }

  @Test
  void shouldLeaveTheNodeToOthersWhenItStopsBeforeAllIsReadBack() {
    start();
    openOneByOne(1);
    sink.away = true;
    openOneByOne(2 * HELD);
    stream.away = true;
    sink.away = false;

    var stopped = journal.stop(Duration.ofSeconds(5)).toCompletableFuture();
    loop.advance(Duration.ofSeconds(6));

    assertThat(stopped).isCompleted();
    assertThat(sink.aliveAt).containsKey(SELF);
  }

  /** A session each tenth of a second. */
  private SessionId[] openOneByOne(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              SessionId id = SessionId.create(NOW, random);
              publish(record(id, 1, Phase.CONNECTED, 0));
              loop.advance(Duration.ofMillis(100));
              return id;
            })
        .toArray(SessionId[]::new);
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  /** As the log says. */
  private long lostRows() {
    return logged.list.stream()
        .filter(event -> event.getMessage().startsWith("changes were dropped"))
        .flatMap(event -> event.getKeyValuePairs().stream())
        .filter(pair -> pair.key.equals("rows"))
        .mapToLong(pair -> (Long) pair.value)
        .sum();
  }
}
