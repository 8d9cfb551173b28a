package dev.presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CallbackQueueTest {
  private final Queue<Runnable> executor = new ArrayDeque<>();
  private final Told told = new Told();
  private final CallbackQueue queue = new CallbackQueue(executor::add, told);

  private void run() {
    for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
      task.run();
    }
  }

  private static Presence bob(PresenceState state) {
    return new Presence("bob", state, Optional.empty());
  }

  @Test
  void shouldKeepTheOrder() {
    queue.onState(ConnectionState.of(ConnectionState.Phase.LIVE, ""));
    queue.onSnapshot(Map.of());
    queue.onChange(bob(PresenceState.ONLINE));
    queue.onState(ConnectionState.of(ConnectionState.Phase.STALE, ""));
    queue.onChange(bob(PresenceState.OFFLINE));
    run();

    assertThat(told.news())
        .containsExactly("LIVE", "snapshot", "bob ONLINE", "STALE", "bob OFFLINE");
  }

  @Test
  void shouldKeepOnlyTheNewestOfAContactWhileTheAppIsSlow() {
    for (int n = 0; n < 100_000; n++) {
      queue.onChange(bob(n % 2 == 0 ? PresenceState.ONLINE : PresenceState.AWAY));
    }
    queue.onChange(Presence.offline("carol"));
    run();

    assertThat(told.news()).containsExactly("bob AWAY", "carol OFFLINE");
  }

  @Test
  void shouldAskForOneThreadAtATime() {
    queue.onChange(bob(PresenceState.ONLINE));
    queue.onState(ConnectionState.of(ConnectionState.Phase.LIVE, ""));

    assertThat(executor).hasSize(1);
    run();
    queue.onChange(bob(PresenceState.AWAY));
    assertThat(executor).hasSize(1);
  }

  @Test
  void shouldGoOnAfterAListenerFailed() {
    PresenceListener failing =
        new PresenceListener() {
          @Override
          public void onSnapshot(Map<String, Presence> contacts) {
            throw new IllegalStateException("a defect of the app, thrown by this test on purpose");
          }

          @Override
          public void onChange(Presence contact) {
            told.onChange(contact);
          }
        };
    CallbackQueue guarded = new CallbackQueue(Runnable::run, failing);

    guarded.onSnapshot(Map.of());
    guarded.onChange(bob(PresenceState.ONLINE));

    assertThat(told.news()).containsExactly("bob ONLINE");
  }

  @Test
  void shouldForgetWhatAnExecutorRefuses() {
    CallbackQueue orphaned =
        new CallbackQueue(
            task -> {
              throw new RejectedExecutionException("shut down");
            },
            told);

    orphaned.onChange(bob(PresenceState.ONLINE));
    orphaned.onChange(bob(PresenceState.AWAY));

    assertThat(told.news()).isEmpty();
  }
}
