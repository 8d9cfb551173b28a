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

/**
 * Two who watch, one on each server, while something is done to Redis: friends of theirs who stay,
 * some who leave at that very moment, some who come, and guests who come and go all the while.
 */
final class Scene implements AutoCloseable {

  /** A false verdict would come with a lease and a grace period; this is longer than both. */
  private static final Duration VERDICTS_BY = Duration.ofSeconds(17);

  private final World world;
  private final List<Person> people = new ArrayList<>();
  private final List<String> steady;
  private final List<String> leaving;
  private final List<String> coming;
  private final List<String> visitors;
  private final List<Person> watching;
  private final List<Person> leavers;

  /** Everybody is there but those who are to come, and seen by both. */
  Scene(World world) {
    this(world, 1);
  }

  /** The same with twice as many people. */
  static Scene underLoad(World world) {
    return new Scene(world, 2);
  }

  private Scene(World world, int size) {
    this.world = world;
    String[] watchers = {world.friendOf(), world.friendOf()};
    steady = world.friendsOf(40 * size, watchers);
    leaving = world.friendsOf(4 * size, watchers);
    coming = world.friendsOf(4 * size, watchers);
    visitors = world.friendsOf(10 * size, watchers);
    watching = Stream.of(0, 1).map(i -> world.person(watchers[i], i).awaitLive()).toList();
    connect(steady).forEach(Person::awaitLive);
    leavers = connect(leaving);
    leavers.forEach(Person::awaitLive);
    awaitRight(Person.SOON, List.of(steady, leaving), List.of(coming));
  }

  /**
   * Does harm, and holds the servers to what is promised: every view is right by {@code rightBy}
   * after it is done, and nobody is told anything false.
   *
   * @param harm returns when it has been done
   */
  void play(Runnable harm, Duration rightBy) {
    Guests guests = new Guests(world, visitors);
    Moment begun;
    try (guests) {
      guests.awaitVisits(1);
      begun = Moment.now();
      harm.run();
      var leave = leavers.stream().map(leaver -> leaver.session().signOut()).toList();
      connect(coming);
      awaitRight(rightBy, List.of(steady, coming), List.of(leaving));
      assertThat(leave).allMatch(left -> left.isDone());
      guests.awaitVisits(2);
      begun.awaitAgo(VERDICTS_BY);
    }
    awaitRight(rightBy, List.of(steady, coming), List.of(leaving, visitors));
    for (Person watcher : watching) {
      assertThat(guests.falseOfflines(watcher)).isEmpty();
      Stream.of(steady, coming)
          .flatMap(List::stream)
          .forEach(
              user -> assertThat(watcher.reported(user)).containsExactly(PresenceState.ONLINE));
      for (String user : leaving) {
        assertThat(watcher.reported(user))
            .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      }
    }
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
  private void awaitRight(Duration timeout, List<List<String>> online, List<List<String>> offline) {
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

  @Override
  public void close() {
    people.forEach(Person::close);
    watching.forEach(Person::close);
  }
}
