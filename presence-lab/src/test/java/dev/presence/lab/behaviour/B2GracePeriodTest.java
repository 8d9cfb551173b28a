package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("B2")
@ExtendWith(World.Shared.class)
class B2GracePeriodTest {

  private static final Duration AWAY = Duration.ofSeconds(5);

  private final World world;

  B2GracePeriodTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowNothingForTenSecondsAndOfflineByTwelve() {
    String watcher = world.friendOf();
    String friend = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person alice = world.person(friend, 0).awaitLive()) {
      bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON);
      long cut = System.nanoTime();
      alice.network().cut();
      long offline = bob.awaitEvent(friend, PresenceState.OFFLINE, Duration.ofSeconds(13)).nanos();
      assertThat(TimeUnit.NANOSECONDS.toMillis(offline - cut)).isBetween(10_000L, 12_000L);
      Awaitility.await("the row to be closed")
          .atMost(Person.SOON)
          .until(() -> world.rows(friend).getLast().equals("CONNECTION_LOST"));
    }
  }

  @Test
  void shouldCauseNoEventWhenReconnectingInsideOnEitherServer() {
    String watcher = world.friendOf();
    String same = world.friendOf(watcher);
    String other = world.friendOf(watcher);
    try (Person bob = world.person(watcher, 1).awaitLive();
        Person stays = world.person(same, 0).awaitLive();
        Person moves = world.person(other, 0).awaitLive()) {
      bob.awaitEvent(same, PresenceState.ONLINE, Person.SOON);
      bob.awaitEvent(other, PresenceState.ONLINE, Person.SOON);
      String staying = stays.info().sessionId();
      String moving = moves.info().sessionId();
      String firstNode = moves.info().node();
      long cut = System.nanoTime();
      stays.network().cut();
      moves.network().cut();
      Awaitility.await().until(() -> since(cut).compareTo(AWAY) > 0);
      stays.network().mend(0);
      moves.network().mend(1);
      Awaitility.await("both to be back")
          .atMost(Person.SOON)
          .until(
              () -> stays.session().state().isConnected() && moves.session().state().isConnected());
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> since(cut).toSeconds() > 15);
      assertThat(stays.info().sessionId()).isEqualTo(staying);
      assertThat(moves.info().sessionId()).isEqualTo(moving);
      assertThat(moves.info().node()).isNotEqualTo(firstNode);
      assertThat(bob.reported(same)).containsExactly(PresenceState.ONLINE);
      assertThat(bob.reported(other)).containsExactly(PresenceState.ONLINE);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
