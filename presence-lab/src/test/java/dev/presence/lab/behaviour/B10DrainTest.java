package dev.presence.lab.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.PresenceState;
import dev.presence.lab.fleet.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Servers are restarted in an orderly way, under apps and pages that stay. */
@Tag("B10")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B10DrainTest {

  private static final int APPS = 12;
  private static final int WEB = 6;

  /** Notice, time to move, and the last words. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

  /** Less than notice, and patience with those who do not move. */
  private static final Duration HURRIES_WITHIN = Duration.ofSeconds(6);

  /** Longer than the handover, and than it takes to tell. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(12);

  private final World world;

  B10DrainTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNothingOfARollingRestart() throws IOException, InterruptedException {
    String watcher = world.friendOf();
    List<String> apps = world.friendsOf(APPS, watcher);
    List<String> pages = world.friendsOf(WEB, watcher, apps.getFirst());
    List<Person> people = new ArrayList<>();
    try (Person bob = world.roamer(watcher).awaitLive();
        WebCrowd crowd = new WebCrowd(world, pages)) {
      // One after the other, lest all wait for the first connection there is, and take that.
      apps.forEach(app -> people.add(world.roamer(app).awaitLive()));
      crowd.awaitLive(WEB, Duration.ofSeconds(30));
      List<String> friends = Stream.of(apps, pages).flatMap(List::stream).toList();
      friends.forEach(friend -> bob.awaitView(friend, PresenceState.ONLINE, Person.SOON));
      int told = bob.events().size();
      int states = crowd.toldStates().size();

      ServerProcess first = world.fleet().server(0);
      first.stop();
      assertThat(first.awaitEnd(ENDS_WITHIN)).isZero();
      world.restart(0);
      ServerProcess second = world.fleet().server(1);
      Process order = second.order("--drain");
      assertThat(second.awaitEnd(ENDS_WITHIN.plusSeconds(2))).isZero();
      assertThat(order.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(order.getInputStream().readAllBytes(), UTF_8)).contains(" leaves");
      assertThat(order.exitValue()).isZero();
      Moment ended = Moment.now();
      world.restart(1);
      ended.awaitAgo(LONG_ENOUGH);

      assertThat(bob.events()).as("what a friend was told").hasSize(told);
      assertThat(crowd.failures()).isEmpty();
      assertThat(crowd.toldStates().stream().skip(states))
          .as("what pages were told")
          .allMatch("live"::equals);
      people.add(bob);
      for (Person person : people) {
        assertThat(person.phases()).containsExactly(Phase.CONNECTING, Phase.LIVE);
        assertThat(person.info().node()).startsWith("server1");
        assertThat(person.info().resumed()).isTrue();
        assertThat(world.rows(person.user())).containsExactly("OPEN");
      }
      assertThat(crowd.resumed()).isGreaterThanOrEqualTo(WEB);
      pages.forEach(page -> assertThat(world.rows(page)).containsExactly("OPEN"));
    } finally {
      people.forEach(Person::close);
    }
  }

  @Test
  void shouldHurryWhenItIsToldTwice() throws IOException {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person stays = world.person(friend, 0).awaitLive()) {
      bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      ServerProcess server = world.fleet().server(0);
      long ends = endings(server);
      Moment asked = Moment.now();
      server.stop();
      Awaitility.await("the first signal to be taken")
          .atMost(Person.SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> endings(server) > ends);
      stays.network().mend(1);
      server.stop();
      assertThat(server.awaitEnd(ENDS_WITHIN)).isZero();
      assertThat(asked.ago()).as("no time for clients to move").isLessThan(HURRIES_WITHIN);
      Awaitility.await("the friend to be back")
          .atMost(Person.SOON)
          .until(() -> stays.info().node().equals(bob.info().node()));
      assertThat(bob.reported(friend)).containsExactly(PresenceState.ONLINE);
      world.restart(0);
    }
  }

  /** How often a server of this name has begun to end. */
  private static long endings(ServerProcess server) throws IOException {
    try (Stream<String> lines = Files.lines(server.log())) {
      return lines.filter(line -> line.contains("\"ending\"")).count();
    }
  }
}
