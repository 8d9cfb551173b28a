package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B7")
class B7PostgresAwayTest {

  private static final int GUESTS = 24;
  private static final Duration AWAY = Duration.ofSeconds(30);
  private static final Duration PROMPTLY = Duration.ofSeconds(3);

  @Test
  void shouldGoOnWithoutPostgresForHalfAMinuteAndLoseNoRow() {
    try (World world = new World()) {
      live(world);
    }
  }

  private static void live(World world) {
    String watcher = world.friendOf();
    String stays = world.friendOf(watcher);
    List<String> visitors = world.friendsOf(GUESTS, watcher);
    Person bob = world.person(watcher, 1).awaitLive();
    Person alice = world.person(stays, 0).awaitLive();
    bob.awaitEvent(stays, PresenceState.ONLINE, Person.SOON);

    world.fleet().postgres().stop();
    Moment stopped = Moment.now();
    Map<String, String> rows = new HashMap<>();
    rows.put(stays, "SIGNED_OUT");
    List<Person> people = new ArrayList<>();
    List<Person> staying = new ArrayList<>();
    for (int i = 0; i < GUESTS; i++) {
      Person visitor = world.person(visitors.get(i), i % 2);
      people.add(visitor);
      rows.put(visitor.user(), i % 3 == 1 ? "CONNECTION_LOST" : "SIGNED_OUT");
      bob.awaitEvent(visitor.user(), PresenceState.ONLINE, PROMPTLY);
      switch (i % 3) {
        case 0 -> {
          visitor.signOut();
          bob.awaitEvent(visitor.user(), PresenceState.OFFLINE, PROMPTLY);
        }
        case 1 -> visitor.network().cut();
        default -> staying.add(visitor);
      }
      stopped.awaitAgo(AWAY.multipliedBy(i + 1L).dividedBy(GUESTS));
    }
    alice.signOut();
    bob.awaitEvent(stays, PresenceState.OFFLINE, PROMPTLY);
    assertThat(stopped.ago()).isGreaterThanOrEqualTo(AWAY);
    world.fleet().postgres().start();

    staying.forEach(Person::awaitLive);
    staying.forEach(Person::signOut);
    rows.forEach(
        (user, reason) ->
            Awaitility.await("the row of " + user + ": " + reason)
                .atMost(Duration.ofSeconds(25))
                .ignoreExceptions()
                .until(() -> world.rows(user).equals(List.of(reason))));
    for (String user : rows.keySet()) {
      assertThat(world.lastSeen(user)).as("last seen of " + user).isPresent();
      assertThat(bob.reported(user)).containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
    }
    assertThat(world.rows(watcher)).containsExactly("OPEN");
    people.forEach(Person::close);
    bob.close();
  }
}
