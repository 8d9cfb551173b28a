package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.PresenceState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Envoy dies, with every connection through it, and is back within five seconds. */
@Tag("E7")
@ExtendWith(World.Rough.class)
@ResourceLock(World.Rough.LOCK)
class E7EnvoyKilledTest {

  private static final int NATIVE = 200;
  private static final int WEB = 50;
  private static final int CHANNELS = 4;
  private static final Duration AWAY = Duration.ofSeconds(3);

  /** Longer than the grace period, and than it takes to tell. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(13);

  private final World world;

  E7EnvoyKilledTest(World world) {
    this.world = world;
  }

  @Test
  void shouldBringEveryClientBackWhileFriendsSeeNothing() {
    String watcher = world.friendOf();
    List<String> apps = world.friendsOf(NATIVE, watcher);
    List<String> pages = world.friendsOf(WEB, watcher, apps.getFirst());
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      channels.add(world.fleet().edgeChannel());
    }
    List<Person> people = new ArrayList<>();
    // The witness comes in past Envoy.
    try (Person witness = world.person(watcher, 0).awaitLive()) {
      for (int i = 0; i < NATIVE; i++) {
        ManagedChannel channel = channels.get(i % CHANNELS);
        people.add(new Person(world, apps.get(i), new Network(List.of(channel), 0)));
      }
      try (WebCrowd crowd = new WebCrowd(world, pages)) {
        people.forEach(Person::awaitLive);
        crowd.awaitLive(WEB, Duration.ofSeconds(30));
        for (String user : concat(apps, pages)) {
          witness.awaitView(user, PresenceState.ONLINE, Person.SOON);
        }
        List<Integer> before = people.stream().map(person -> person.events().size()).toList();
        int told = witness.events().size();

        Moment killed = Moment.now();
        world.fleet().edge().kill();
        killed.awaitAgo(AWAY);
        world.fleet().edge().startAgain();
        assertThat(killed.ago()).isLessThan(Duration.ofSeconds(5));

        Awaitility.await("all apps to be back")
            .atMost(Person.SOON)
            .until(() -> people.stream().allMatch(E7EnvoyKilledTest::isLive));
        crowd.awaitLive(WEB, Person.SOON);
        killed.awaitAgo(AWAY.plus(LONG_ENOUGH));

        assertThat(witness.events()).as("what a friend was told").hasSize(told);
        assertThat(people.stream().map(person -> person.events().size()).toList())
            .as("what apps were told")
            .isEqualTo(before);
        assertThat(people).allMatch(E7EnvoyKilledTest::isLive).allMatch(p -> p.info().resumed());
        assertThat(crowd.failures()).isEmpty();
        assertThat(crowd.resumed()).isGreaterThanOrEqualTo(WEB);
        assertThat(crowd.toldOf(apps.getFirst())).containsOnly("online");
        people.forEach(Person::signOut);
      }
    } finally {
      people.forEach(Person::close);
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static boolean isLive(Person person) {
    return person.session().state().phase() == Phase.LIVE;
  }

  private static List<String> concat(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
