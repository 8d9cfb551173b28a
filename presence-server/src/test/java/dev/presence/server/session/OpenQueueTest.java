package dev.presence.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.loop.ManualLoop;
import dev.presence.server.model.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Opens wait for their turn, by a clock that the test moves. */
class OpenQueueTest {

  private static final int BOUND = 100;

  private final ManualLoop loop = new ManualLoop();

  /** Names of those who were let in, and {@code "name in N"} of those who were refused. */
  private final List<String> heard = new ArrayList<>();

  private final List<Long> retries = new ArrayList<>();

  /** For how many there is room now. */
  private int room = Integer.MAX_VALUE;

  private final OpenQueue<String> queue =
      new OpenQueue<>(loop, BOUND, () -> room > 0, this::letIn, this::refuse);

  private void letIn(String name) {
    room--;
    heard.add(name);
  }

  private void refuse(String name, long retryMillis) {
    heard.add(name + " refused");
    retries.add(retryMillis);
  }

  private void enterNew(int count) {
    for (int i = 0; i < count; i++) {
      queue.enter("n" + i, false);
    }
  }

  private void advance(long millis) {
    loop.advance(Duration.ofMillis(millis));
  }

  @Test
  void shouldLetInAtOnceWhoComesToAnEmptyQueue() {
    queue.enter("alice", false);
    assertThat(heard).containsExactly("alice");
  }

  @Test
  void shouldLetInInOrderAsThereIsRoom() {
    room = 2;
    enterNew(5);
    loop.runDue();
    assertThat(heard).containsExactly("n0", "n1");
    room = 1;
    advance(OpenQueue.TICK_MILLIS);
    room = 2;
    advance(OpenQueue.TICK_MILLIS);
    assertThat(heard).containsExactly("n0", "n1", "n2", "n3", "n4");
    assertThat(queue.size()).isZero();
  }

  @Test
  void shouldLetSessionsThatComeBackGoFirst() {
    room = 0;
    queue.enter("new", false);
    queue.enter("back", true);
    queue.enter("back too", true);
    room = 10;
    advance(OpenQueue.TICK_MILLIS);
    assertThat(heard).containsExactly("back", "back too", "new");
  }

  @Test
  void shouldTakeOnlySomeInOneTaskSoThatOthersHaveTheirTurn() {
    enterNew(3 * Limits.OPENS_AT_A_TIME);
    List<Integer> between = new ArrayList<>();
    loop.execute(() -> between.add(heard.size()));
    loop.runDue();
    assertThat(between).containsExactly(1 + Limits.OPENS_AT_A_TIME);
    assertThat(heard).hasSize(3 * Limits.OPENS_AT_A_TIME);
  }

  @Test
  void shouldRefuseWhoComesWhenTooManyWait() {
    room = 0;
    enterNew(BOUND + 3);
    assertThat(heard).containsExactly("n100 refused", "n101 refused", "n102 refused");
    assertThat(queue.size()).isEqualTo(BOUND);
  }

  @Test
  void shouldRefuseInTimeWhoCouldNotBeAnsweredInTime() {
    room = 0;
    queue.enter("new", false);
    queue.enter("back", true);
    advance(OpenQueue.RESUME_PATIENCE_MILLIS - 1);
    assertThat(heard).isEmpty();
    advance(OpenQueue.TICK_MILLIS);
    assertThat(heard).containsExactly("back refused");
    advance(OpenQueue.PATIENCE_MILLIS - OpenQueue.RESUME_PATIENCE_MILLIS);
    assertThat(heard).containsExactly("back refused", "new refused");
  }

  @Test
  void shouldSendThoseWhoAreRefusedBackAsTheyCanBeTaken() {
    room = 1_000;
    enterNew(50);
    advance(1_000); // 50 a second
    room = 0;
    enterNew(BOUND + 50);
    assertThat(retries).hasSize(50).isSorted();
    assertThat(retries.getFirst()).isBetween(1_000L, 1_030L);
    assertThat(retries.get(1) - retries.get(0)).isBetween(9L, 21L);
  }

  @Test
  void shouldSendNobodyBackLaterThanWithinTheGracePeriod() {
    room = 0;
    advance(10_000);
    enterNew(BOUND + 5_000);
    assertThat(retries)
        .allMatch(retry -> retry >= RetryTurns.SOONEST_MILLIS && retry <= RetryTurns.LATEST_MILLIS);
    long early = retries.stream().filter(retry -> retry < 4_500).count();
    assertThat(early).isBetween(2_000L, 3_000L);
  }

  @Test
  void shouldLetAllInAtOnceWhenEachIsAnsweredWithoutWork() {
    room = 0;
    enterNew(5);
    queue.open();
    assertThat(heard).hasSize(5);
    assertThat(queue.size()).isZero();
  }

  /** Twenty times as many as can wait, each of whom comes again when it may. */
  @Test
  void shouldWorkOffAStormAtThePaceThatCanBeSustained() {
    int clients = 2_000;
    int perTick = 10;
    Storm storm = new Storm();
    IntStream.range(0, clients).forEach(client -> loop.schedule(client % 500, storm::come));
    long ticks = 0;
    for (; storm.in < clients && ticks < 3_000; ticks++) {
      storm.room = perTick;
      advance(OpenQueue.TICK_MILLIS);
    }
    long fewest = clients / perTick;
    assertThat(ticks).as("ticks, of which %s are needed", fewest).isLessThan(2 * fewest);
    assertThat(storm.refused).isLessThan(3 * clients);
  }

  private final class Storm {
    private int room;
    private int in;
    private int refused;
    private final OpenQueue<Object> queue =
        new OpenQueue<>(loop, BOUND, () -> room > 0, this::in, this::refused);

    void come() {
      queue.enter(this, true);
    }

    private void in(Object client) {
      room--;
      in++;
    }

    private void refused(Object client, long retryMillis) {
      refused++;
      loop.schedule(retryMillis, this::come);
    }
  }
}
