package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("B5")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B5KilledServerTest {

  private static final int GONE = 25;
  private static final int MOVED = 15;

  /** Some of these are on the other server: those must not notice anything. */
  private static final int ROAMERS = 20;

  /** Lease, grace period, and four seconds. */
  private static final Duration OFFLINE_BY = Duration.ofSeconds(5 + 10 + 4);

  private final World world;

  B5KilledServerTest(World world) {
    this.world = world;
  }

  @Test
  void shouldForgiveThoseWhoComeBackAndShowTheOthersOffline() {
    String watcher = world.friendOf();
    List<String> goneUsers = world.friendsOf(GONE, watcher);
    List<String> movedUsers = world.friendsOf(MOVED, watcher);
    List<String> roamingUsers = world.friendsOf(ROAMERS, watcher);
    Person bob = world.person(watcher, 1).awaitLive();
    List<Person> gone = connect(goneUsers, user -> world.person(user, 0));
    List<Person> moved = connect(movedUsers, user -> world.person(user, 0));
    // One after the other, lest all wait for the first connection there is, and take that.
    List<Person> roamers = connect(roamingUsers, user -> world.roamer(user).awaitLive());
    List<Person> back = Stream.of(moved, roamers).flatMap(List::stream).toList();
    for (Person person : Stream.of(gone, back).flatMap(List::stream).toList()) {
      person.awaitLive();
      bob.awaitEvent(person.user(), PresenceState.ONLINE, Person.SOON);
    }
    String doomed = gone.getFirst().info().node();
    assertThat(roamers).anyMatch(roamer -> roamer.info().node().equals(doomed));

    // Their streams live until the server dies; after that, nothing more is heard of them.
    gone.forEach(person -> person.network().shut());
    moved.forEach(person -> person.network().mend(1));
    Moment killed = Moment.now();
    world.fleet().server(0).killHard();

    for (Person person : gone) {
      Person.Event offline =
          bob.awaitEvent(person.user(), PresenceState.OFFLINE, OFFLINE_BY.plusSeconds(5));
      assertThat(killed.until(offline)).isLessThanOrEqualTo(OFFLINE_BY);
      assertThat(
              Duration.between(
                      person.network().lastSent(), offline.presence().lastSeen().orElseThrow())
                  .abs())
          .as("last seen, from the truth")
          .isLessThanOrEqualTo(Duration.ofSeconds(10));
    }
    killed.awaitAgo(OFFLINE_BY.plusSeconds(3));
    for (Person person : back) {
      assertThat(bob.reported(person.user()))
          .as("reports of one who came back")
          .containsExactly(PresenceState.ONLINE);
      assertThat(person.session().state().isConnected()).isTrue();
      assertThat(person.info().node()).isEqualTo(bob.info().node());
      assertThat(world.rows(person.user())).containsExactly("OPEN");
    }
    for (Person person : gone) {
      assertThat(bob.reported(person.user()))
          .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      Awaitility.await("the row to be closed")
          .atMost(Duration.ofSeconds(20))
          .until(() -> world.rows(person.user()).equals(List.of("NODE_LOST")));
    }
    Stream.of(gone, back).flatMap(List::stream).forEach(Person::close);
    bob.close();
  }

  /** Others meet this world after us, however this ends. */
  @AfterEach
  void restartServer() {
    if (!world.fleet().server(0).isAlive()) {
      world.restart(0);
    }
  }

  private static List<Person> connect(List<String> users, Function<String, Person> connecting) {
    return new ArrayList<>(users.stream().map(connecting).toList());
  }
}
