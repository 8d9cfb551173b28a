package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** People who come and go all the time, on one server and the other in turn. */
final class Guests implements AutoCloseable {

  private static final long STAY_MILLIS = 1_500;

  private final List<Thread> threads = new ArrayList<>();
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  /** Somebody was connected from here until there, by the own account. */
  private record Visit(String user, long liveNanos, long leavingNanos) {}

  Guests(World world, List<String> users) {
    for (String user : users) {
      threads.add(Thread.ofVirtual().start(() -> comeAndGo(world, user)));
    }
  }

  private void comeAndGo(World world, String user) {
    boolean goesOn = true;
    for (int visit = 0; goesOn; visit++) {
      try (Person guest = world.person(user, visit % 2)) {
        guest.awaitLive();
        long live = System.nanoTime();
        goesOn = !over.await(STAY_MILLIS, TimeUnit.MILLISECONDS);
        long leaving = System.nanoTime();
        guest.signOut();
        visits.add(new Visit(user, live, leaving));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        goesOn = false;
      }
    }
  }

  /** Waits until so many visits more have been made by each of them, on average. */
  void awaitVisits(int more) {
    int target = visits.size() + more * threads.size();
    Awaitility.await("guests").atMost(Duration.ofSeconds(40)).until(() -> visits.size() >= target);
  }

  /** How many visits there were. */
  int visits() {
    return visits.size();
  }

  /**
   * What a watcher was told wrongly: offline, of somebody who was connected for a second by then.
   */
  List<Person.Event> falseOfflines(Person watcher) {
    return watcher.events().stream().filter(this::isFalseOffline).toList();
  }

  private boolean isFalseOffline(Person.Event event) {
    return event.presence().state() == PresenceState.OFFLINE
        && visits.stream()
            .anyMatch(
                visit ->
                    event.presence().userId().equals(visit.user())
                        && event.nanos() > visit.liveNanos() + TimeUnit.SECONDS.toNanos(1)
                        && event.nanos() < visit.leavingNanos());
  }

  /** Asks all to leave, and waits until they have. */
  @Override
  public void close() {
    over.countDown();
    for (Thread thread : threads) {
      try {
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
