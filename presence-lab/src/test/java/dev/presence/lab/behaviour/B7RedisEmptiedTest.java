package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("B7")
@ResourceLock(World.Rough.LOCK)
@ExtendWith(World.Rough.class)
class B7RedisEmptiedTest {

  private static final int STEADY = 80;
  private static final int GUESTS = 20;
  private static final int EACH = 6;
  private static final Duration RIGHT_BY = Duration.ofSeconds(5);

  /** A false verdict would come with a lease and a grace period; this is longer than both. */
  private static final Duration VERDICTS_BY = Duration.ofSeconds(17);

  private final World world;
  private final List<Person> people = new ArrayList<>();

  B7RedisEmptiedTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNoFalseOfflineWhenRedisIsEmptiedUnderLoadAndBeRightWithinFiveSeconds() {
    String[] watchers = {world.friendOf(), world.friendOf()};
    List<String> steady = world.friendsOf(STEADY, watchers);
    List<String> leaving = world.friendsOf(EACH, watchers);
    List<String> coming = world.friendsOf(EACH, watchers);
    List<String> visitors = world.friendsOf(GUESTS, watchers);
    List<Person> watching =
        Stream.of(0, 1).map(i -> world.person(watchers[i], i).awaitLive()).toList();
    connect(steady).forEach(Person::awaitLive);
    List<Person> leavers = connect(leaving);
    leavers.forEach(Person::awaitLive);
    awaitRight(Person.SOON, watching, List.of(steady, leaving), List.of(coming));

    Guests guests = new Guests(world, visitors);
    try (guests) {
      guests.awaitVisits(1);
      assertThat(world.fleet().redis().command("FLUSHALL")).isEqualTo("+OK");
      Moment emptied = Moment.now();
      var leave = leavers.stream().map(leaver -> leaver.session().signOut()).toList();
      connect(coming);
      awaitRight(RIGHT_BY, watching, List.of(steady, coming), List.of(leaving));
      assertThat(emptied.ago()).isLessThanOrEqualTo(RIGHT_BY);
      assertThat(leave).allMatch(left -> left.isDone());
      guests.awaitVisits(3);
      emptied.awaitAgo(VERDICTS_BY);
    }
    awaitRight(RIGHT_BY, watching, List.of(steady, coming), List.of(leaving, visitors));
    for (Person watcher : watching) {
      assertThat(guests.falseOfflines(watcher)).isEmpty();
      for (String user : steady) {
        assertThat(watcher.reported(user)).containsExactly(PresenceState.ONLINE);
      }
      for (String user : coming) {
        assertThat(watcher.reported(user)).containsExactly(PresenceState.ONLINE);
      }
      for (String user : leaving) {
        assertThat(watcher.reported(user))
            .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      }
    }
    people.forEach(Person::close);
    watching.forEach(Person::close);
  }

  private List<Person> connect(List<String> users) {
    List<Person> connecting = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      connecting.add(world.person(users.get(i), i % 2));
    }
    people.addAll(connecting);
    return connecting;
  }

  /** Waits until both watchers, and both servers when asked, know who is online and who is not. */
  private void awaitRight(
      Duration timeout,
      List<Person> watching,
      List<List<String>> online,
      List<List<String>> offline) {
    List<String> here = online.stream().flatMap(List::stream).toList();
    List<String> gone = offline.stream().flatMap(List::stream).toList();
    Awaitility.await("every view to be right")
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              for (Person watcher : watching) {
                assertThat(here).allMatch(user -> watcher.sees(user) == PresenceState.ONLINE);
                assertThat(gone).allMatch(user -> watcher.sees(user) == PresenceState.OFFLINE);
              }
              for (int server = 0; server < 2; server++) {
                assertThat(ask(server, here))
                    .containsOnly(dev.presence.v1.PresenceState.PRESENCE_STATE_ONLINE);
                assertThat(ask(server, gone))
                    .containsOnly(dev.presence.v1.PresenceState.PRESENCE_STATE_OFFLINE);
              }
            });
  }

  private List<dev.presence.v1.PresenceState> ask(int server, List<String> users) {
    return PresenceServiceGrpc.newBlockingStub(
            Stub.with(
                world.channel(server), world.fleet().tokens().service("test", "presence.read.any")))
        .batchGetPresence(BatchGetPresenceRequest.newBuilder().addAllUserIds(users).build())
        .getResultsList()
        .stream()
        .map(PresenceResult::getPresence)
        .map(dev.presence.v1.Presence::getState)
        .toList();
  }
}
