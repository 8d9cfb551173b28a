package dev.presence.server.roster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.loop.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {

  private static final Duration LOAD = Duration.ofMillis(10);

  private final ManualLoop loop = new ManualLoop();
  private final List<List<Integer>> loads = new ArrayList<>();
  private final BatchLoader<Integer, String> loader =
      new BatchLoader<>(loop, load -> loop.schedule(LOAD.toMillis(), load), this::load);

  private boolean away;

  private Map<Integer, String> load(Collection<Integer> keys) {
    loads.add(List.copyOf(keys));
    if (away) {
      throw new IllegalStateException("away");
    }
    Map<Integer, String> values = new LinkedHashMap<>();
    keys.stream().filter(key -> key >= 0).forEach(key -> values.put(key, "value " + key));
    return values;
  }

  @Test
  void shouldGatherKeysWhileLoadsAreUnderWay() {
    List<CompletableFuture<Map<Integer, String>>> asks =
        IntStream.range(0, 5).mapToObj(key -> loader.load(List.of(key))).toList();
    loop.advance(LOAD.multipliedBy(2));

    assertThat(loads).containsExactly(List.of(0), List.of(1), List.of(2, 3, 4));
    assertThat(asks)
        .allSatisfy(ask -> assertThat(ask).isCompletedWithValueMatching(map -> map.size() == 1));
  }

  @Test
  void shouldShareALoadThatWaitsOrIsUnderWay() {
    CompletableFuture<Map<Integer, String>> first = loader.load(List.of(1));
    loop.runDue();
    CompletableFuture<Map<Integer, String>> second = loader.load(List.of(1, 1));
    loop.advance(LOAD);

    assertThat(loads).containsExactly(List.of(1));
    assertThat(first).isCompletedWithValue(Map.of(1, "value 1"));
    assertThat(second).isCompletedWithValue(Map.of(1, "value 1"));
  }

  @Test
  void shouldAnswerAnAskThatSeveralLoadsServe() {
    List<Integer> keys = IntStream.range(0, 2_500).boxed().toList();
    CompletableFuture<Map<Integer, String>> ask = loader.load(keys);
    loop.advance(LOAD);
    assertThat(ask).isNotDone();
    loop.advance(LOAD);

    assertThat(loads).extracting(List::size).containsExactly(1_000, 1_000, 500);
    assertThat(ask.join().keySet()).containsExactlyElementsOf(keys);
  }

  @Test
  void shouldLeaveOutKeysWithoutValue() {
    CompletableFuture<Map<Integer, String>> ask = loader.load(List.of(-1, 1));
    CompletableFuture<Map<Integer, String>> nothing = loader.load(List.of());
    loop.advance(LOAD);

    assertThat(ask).isCompletedWithValue(Map.of(1, "value 1"));
    assertThat(nothing).isCompletedWithValue(Map.of());
    assertThat(loads).hasSize(1);
  }

  @Test
  void shouldFailThoseWhoAskedAndServeTheNext() {
    away = true;
    CompletableFuture<Map<Integer, String>> ask = loader.load(List.of(1));
    loop.advance(LOAD);
    assertThat(ask)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseExactlyInstanceOf(IllegalStateException.class);

    away = false;
    ask = loader.load(List.of(1));
    loop.advance(LOAD);
    assertThat(ask).isCompletedWithValue(Map.of(1, "value 1"));
  }
}
