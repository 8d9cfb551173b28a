package dev.presence.server.roster;

import dev.presence.server.loop.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a blocking source for many keys at once, by natural batching: an idle source is asked at
 * once; while it is busy, keys gather for the next load. Whoever asks for a key that waits or is
 * being loaded shares its load.
 */
final class BatchLoader<K, V> {

  private static final int MAX_LOADS = 2;
  private static final int MAX_KEYS = 1_000;

  private final EventLoop loop;
  private final Executor executor;
  private final Function<Collection<K>, Map<K, V>> source;

  /** Who asked for each key that no load has taken yet. */
  private final Map<K, List<Ask<K, V>>> waiting = new LinkedHashMap<>();

  /** Who asked for each key that is being loaded. */
  private final Map<K, List<Ask<K, V>>> loading = new LinkedHashMap<>();

  private int loads;

  /** What one caller wants: done when no key is missing any more. */
  private static final class Ask<K, V> {
    final CompletableFuture<Map<K, V>> answer = new CompletableFuture<>();
    final Map<K, V> found = new LinkedHashMap<>();
    int missing;
  }

  /**
   * Builds a loader.
   *
   * @param loop for its state, and on which answers arrive
   * @param executor for the blocking calls
   * @param source the blocking call; a key without a value is missing from its answer
   */
  BatchLoader(EventLoop loop, Executor executor, Function<Collection<K>, Map<K, V>> source) {
    this.loop = loop;
    this.executor = executor;
    this.source = source;
  }

  /**
   * Loads the values of {@code keys}. A key without a value is missing from the answer. Fails with
   * what the source threw. Callable from any thread.
   */
  CompletableFuture<Map<K, V>> load(Collection<K> keys) {
    List<K> wanted = keys.stream().distinct().toList();
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    Ask<K, V> ask = new Ask<>();
    ask.missing = wanted.size();
    loop.execute(
        () -> {
          for (K key : wanted) {
            List<Ask<K, V>> underWay = loading.get(key);
            if (underWay != null) {
              underWay.add(ask);
            } else {
              waiting.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(ask);
            }
          }
          pump();
        });
    return ask.answer;
  }

  private void pump() {
    while (loads < MAX_LOADS && !waiting.isEmpty()) {
      List<K> batch = new ArrayList<>(Math.min(waiting.size(), MAX_KEYS));
      Iterator<Map.Entry<K, List<Ask<K, V>>>> oldest = waiting.entrySet().iterator();
      while (oldest.hasNext() && batch.size() < MAX_KEYS) {
        Map.Entry<K, List<Ask<K, V>>> entry = oldest.next();
        batch.add(entry.getKey());
        loading.put(entry.getKey(), entry.getValue());
        oldest.remove();
      }
      loads++;
      var _ =
          CompletableFuture.supplyAsync(() -> source.apply(batch), executor)
              .whenCompleteAsync((values, failure) -> loaded(batch, values, failure), loop);
    }
  }

  private void loaded(List<K> batch, @Nullable Map<K, V> values, @Nullable Throwable failure) {
    loads--;
    for (K key : batch) {
      List<Ask<K, V>> asks = loading.remove(key);
      for (Ask<K, V> ask : asks == null ? List.<Ask<K, V>>of() : asks) {
        if (values == null) {
          ask.answer.completeExceptionally(cause(failure));
        } else {
          answer(ask, key, values.get(key));
        }
      }
    }
    pump();
  }

  private static <K, V> void answer(Ask<K, V> ask, K key, @Nullable V value) {
    if (value != null) {
      ask.found.put(key, value);
    }
    if (--ask.missing == 0) {
      ask.answer.complete(ask.found);
    }
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return failure.getCause();
    }
    return failure == null ? new IllegalStateException("a source answered null") : failure;
  }
}
