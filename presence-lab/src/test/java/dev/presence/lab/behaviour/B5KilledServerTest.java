package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("B5")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B5KilledServerTest {

  private static final int EACH = 20;

  /** Lease, grace period, and four seconds. */
  private static final Duration OFFLINE_BY = Duration.ofSeconds(5 + 10 + 4);

  private final World world;

  B5KilledServerTest(World world) {
    this.world = world;
  }

  @Test
  void shouldForgiveThoseWhoComeBackAndShowTheOthersOffline() {
    String watcher = world.friendOf();
    List<String> returningUsers = world.friendsOf(EACH, watcher);
    List<String> goneUsers = world.friendsOf(EACH, watcher);
    Person bob = world.person(watcher, 1).awaitLive();
    List<Person> returning = people(world, returningUsers);
    List<Person> gone = people(world, goneUsers);
    for (Person person : all(returning, gone)) {
      person.awaitLive();
      bob.awaitEvent(person.user(), PresenceState.ONLINE, Person.SOON);
    }

    gone.forEach(person -> person.network().cut());
    returning.forEach(person -> person.network().mend(1));
    Instant killed = Instant.now();
    long killedNanos = System.nanoTime();
    world.fleet().server(0).killHard();

    for (Person person : gone) {
      Person.Event offline =
          bob.awaitEvent(person.user(), PresenceState.OFFLINE, OFFLINE_BY.plusSeconds(5));
      assertThat(Duration.ofNanos(offline.nanos() - killedNanos)).isLessThan(OFFLINE_BY);
      assertThat(offline.presence().lastSeen().orElseThrow())
          .isBetween(killed.minusSeconds(10), killed.plusSeconds(10));
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> System.nanoTime() - killedNanos > TimeUnit.SECONDS.toNanos(22));
    for (Person person : returning) {
      assertThat(bob.reported(person.user()))
          .as("reports of one who came back")
          .containsExactly(PresenceState.ONLINE);
      assertThat(person.session().state().isConnected()).isTrue();
    }
    for (Person person : gone) {
      assertThat(bob.reported(person.user()))
          .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      Awaitility.await("the row to be closed")
          .atMost(Duration.ofSeconds(20))
          .until(() -> world.rows(person.user()).equals(List.of("NODE_LOST")));
    }
    all(returning, gone).forEach(Person::close);
    bob.close();
    world.restart(0);
  }

  private static List<Person> people(World world, List<String> users) {
    List<Person> people = new ArrayList<>();
    users.forEach(user -> people.add(world.person(user, 0)));
    return people;
  }

  private static List<Person> all(List<Person> some, List<Person> others) {
    List<Person> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
