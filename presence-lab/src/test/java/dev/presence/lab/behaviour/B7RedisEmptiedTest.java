package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("B7")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B7RedisEmptiedTest {

  private static final int STEADY = 60;
  private static final int GUESTS = 10;

  private final World world;

  B7RedisEmptiedTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNoFalseOfflineWhenRedisIsEmptiedUnderLoadAndBeRightWithinFiveSeconds() {
    String watcher = world.friendOf();
    List<String> users = world.friendsOf(STEADY, watcher);
    List<String> guests = world.friendsOf(GUESTS, watcher);
    String late = world.friendOf(watcher);
    Person bob = world.person(watcher, 1).awaitLive();
    List<Person> steady = new ArrayList<>();
    for (int i = 0; i < STEADY; i++) {
      steady.add(world.person(users.get(i), i % 2));
    }
    steady.forEach(Person::awaitLive);
    for (String user : users) {
      bob.awaitEvent(user, PresenceState.ONLINE, Person.SOON);
    }

    try (Guests coming = new Guests(world, guests)) {
      coming.awaitVisits(1);
      assertThat(world.fleet().redis().command("FLUSHALL")).isEqualTo("+OK");
      long emptied = System.nanoTime();
      Person alice = world.person(late, 0);
      bob.awaitEvent(late, PresenceState.ONLINE, Duration.ofSeconds(5));
      Awaitility.await("every view to be right")
          .atMost(Duration.ofSeconds(5))
          .until(() -> allOnline(world, users, 0) && allOnline(world, users, 1));
      assertThat(Duration.ofNanos(System.nanoTime() - emptied)).isLessThan(Duration.ofSeconds(5));
      coming.awaitVisits(3);
      // A false verdict would come with a lease and a grace period; wait for longer than both.
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> System.nanoTime() - emptied > Duration.ofSeconds(17).toNanos());
      for (String user : users) {
        assertThat(bob.reported(user)).containsExactly(PresenceState.ONLINE);
      }
      alice.close();
    }
    steady.forEach(Person::close);
    bob.close();
  }

  private static boolean allOnline(World world, List<String> users, int server) {
    return PresenceServiceGrpc.newBlockingStub(
            Stub.with(
                world.channel(server), world.fleet().tokens().service("test", "presence.read.any")))
        .batchGetPresence(BatchGetPresenceRequest.newBuilder().addAllUserIds(users).build())
        .getResultsList()
        .stream()
        .map(PresenceResult::getPresence)
        .allMatch(
            presence -> presence.getState() == dev.presence.v1.PresenceState.PRESENCE_STATE_ONLINE);
  }

  /** People who come and go all the time. */
  private static final class Guests implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> visits = new java.util.concurrent.CopyOnWriteArrayList<>();
    private volatile boolean over;

    Guests(World world, List<String> users) {
      for (String user : users) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int visit = 0; !over; visit++) {
                        try (Person guest = world.person(user, visit % 2)) {
                          guest.awaitLive().signOut();
                          visits.add(user);
                        }
                      }
                    }));
      }
    }

    void awaitVisits(int more) {
      int target = visits.size() + more * threads.size();
      Awaitility.await("guests")
          .atMost(Duration.ofSeconds(30))
          .until(() -> visits.size() >= target);
    }

    @Override
    public void close() {
      over = true;
      for (Thread thread : threads) {
        try {
          assertThat(thread.join(Duration.ofSeconds(15))).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
