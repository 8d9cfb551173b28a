package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Tag("B2")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(World.Shared.class)
class B2GracePeriodTest {

  /** The library tries at most 2 s apart, so it is back well within the grace period of 10 s. */
  private static final Duration AWAY = Duration.ofSeconds(6);

  private final World world;

  B2GracePeriodTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNothingForTenSecondsAndOfflineByTwelve() {
    String here = world.friendOf();
    String there = world.friendOf();
    String friend = world.friendOf(here, there);
    try (Person carol = world.person(here, 0).awaitLive();
        Person bob = world.person(there, 1).awaitLive();
        Person alice = world.person(friend, 0).awaitLive()) {
      for (Person watcher : List.of(carol, bob)) {
        watcher.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      }
      Moment cut = Moment.now();
      Instant lastSign = alice.network().lastSent();
      alice.network().cut();
      for (Person watcher : List.of(carol, bob)) {
        Person.Event offline =
            watcher.awaitEvent(friend, PresenceState.OFFLINE, Duration.ofSeconds(13));
        assertThat(cut.until(offline)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
        assertThat(offline.presence().lastSeen().orElseThrow())
            .isBetween(lastSign.minusSeconds(1), cut.time().plusSeconds(1));
        assertThat(watcher.reported(friend))
            .containsExactly(PresenceState.ONLINE, PresenceState.OFFLINE);
      }
    }
  }

  @Test
  void shouldCauseNoEventWhenReconnectingInsideOnEitherServer() {
    String here = world.friendOf();
    String there = world.friendOf();
    String same = world.friendOf(here, there);
    String other = world.friendOf(here, there);
    try (Person carol = world.person(here, 0).awaitLive();
        Person bob = world.person(there, 1).awaitLive();
        Person stays = world.person(same, 0).awaitLive();
        Person moves = world.person(other, 0).awaitLive()) {
      for (Person watcher : List.of(carol, bob)) {
        watcher.awaitEvent(same, PresenceState.ONLINE, Person.SOON);
        watcher.awaitEvent(other, PresenceState.ONLINE, Person.SOON);
      }
      String staying = stays.info().sessionId();
      String moving = moves.info().sessionId();
      String firstNode = moves.info().node();
      Moment cut = Moment.now();
      stays.network().cut();
      moves.network().cut();
      cut.awaitAgo(AWAY);
      stays.network().mend(0);
      moves.network().mend(1);
      Awaitility.await("both to be back")
          .atMost(Duration.ofSeconds(10).minus(cut.ago()))
          .until(
              () -> stays.session().state().isConnected() && moves.session().state().isConnected());
      cut.awaitAgo(Duration.ofSeconds(15));
      assertThat(stays.info().sessionId()).isEqualTo(staying);
      assertThat(stays.info().node()).isEqualTo(firstNode);
      assertThat(moves.info().sessionId()).isEqualTo(moving);
      assertThat(moves.info().node()).isNotEqualTo(firstNode);
      for (Person watcher : List.of(carol, bob)) {
        assertThat(watcher.reported(same)).containsExactly(PresenceState.ONLINE);
        assertThat(watcher.reported(other)).containsExactly(PresenceState.ONLINE);
      }
    }
  }
}
