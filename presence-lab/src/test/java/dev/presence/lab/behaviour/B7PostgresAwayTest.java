package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
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
class B7PostgresAwayTest {

  private static final int GUESTS = 10;

  private final World world;

  B7PostgresAwayTest(World world) {
    this.world = world;
  }

  @Test
  void shouldGoOnWithoutPostgresForHalfAMinuteAndLoseNoRow() {
    String watcher = world.friendOf();
    String stays = world.friendOf(watcher);
    List<String> visitors = world.friendsOf(GUESTS, watcher);
    Person bob = world.person(watcher, 1).awaitLive();
    Person alice = world.person(stays, 0).awaitLive();
    bob.awaitEvent(stays, PresenceState.ONLINE, Person.SOON);

    world.fleet().postgres().stop();
    long stopped = System.nanoTime();
    List<Person> staying = new ArrayList<>();
    for (int i = 0; i < GUESTS; i++) {
      Person visitor = world.person(visitors.get(i), i % 2);
      bob.awaitEvent(visitor.user(), PresenceState.ONLINE, Person.SOON);
      if (i % 2 == 0) {
        visitor.signOut();
        bob.awaitEvent(visitor.user(), PresenceState.OFFLINE, Person.SOON);
      } else {
        staying.add(visitor);
      }
    }
    alice.signOut();
    bob.awaitEvent(stays, PresenceState.OFFLINE, Person.SOON);
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> System.nanoTime() - stopped > Duration.ofSeconds(30).toNanos());
    world.fleet().postgres().start();

    staying.forEach(Person::awaitLive);
    staying.forEach(Person::signOut);
    for (String visitor : visitors) {
      Awaitility.await("the row of " + visitor)
          .atMost(Duration.ofSeconds(15))
          .ignoreExceptions()
          .until(() -> world.rows(visitor).equals(List.of("SIGNED_OUT")));
    }
    assertThat(world.rows(stays)).containsExactly("SIGNED_OUT");
    assertThat(world.rows(watcher)).containsExactly("OPEN");
    bob.close();
  }
}
