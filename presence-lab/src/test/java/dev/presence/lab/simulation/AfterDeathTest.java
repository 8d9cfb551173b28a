package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stories of what becomes of a server's history, and of its keys, when it is gone. */
class AfterDeathTest extends TwoServerStory {

  @Test
  void shouldWriteWhatWasPublishedButNotWritten() {
    world.databaseAway();
    world.watch(a, "alice");
    SimulatedStream carol = world.watch(a, "carol");
    carol.signOut();
    world.advance(Duration.ofSeconds(1));
    long killed = world.nowMillis();
    a.kill();
    world.advance(Duration.ofSeconds(1));
    assertThat(world.rows()).isEmpty();
    world.databaseBack();
    world.advance(Duration.ofMinutes(1));
    assertThat(world.rows()).containsExactly("alice closed NODE_LOST", "carol closed SIGNED_OUT");
    assertThat(world.rowLastSignMillis("alice")).isBetween(killed - 10_000, killed + 10_000);
  }

  @Test
  void shouldTellWhenAClientWasHeardLastWhoseSessionWasSuspendedWhenItsServerDied() {
    SimulatedStream alice = world.watch(a, "alice");
    world.advance(Duration.ofSeconds(5));
    long heard = world.nowMillis();
    alice.heartbeat();
    alice.cut();
    world.advance(Duration.ofSeconds(8));
    a.kill();
    world.advance(Duration.ofMinutes(1));
    assertThat(world.rows()).containsExactly("alice closed NODE_LOST");
    assertThat(world.rowLastSignMillis("alice")).isBetween(heard - 500, heard + 500);
  }

  @Test
  void shouldDeleteItsKeysOnlyWhenItsHistoryIsWritten() {
    world.watch(a, "alice");
    world.databaseAway();
    world.watch(a, "carol");
    a.kill();
    world.advance(Duration.ofMinutes(5));
    assertThat(world.store().isListed(a.id())).isTrue();
    assertThat(world.store().sessions(a.id())).isEqualTo(2);
    world.databaseBack();
    world.advance(Duration.ofMinutes(3));
    assertThat(world.rows()).containsExactly("alice closed NODE_LOST", "carol closed NODE_LOST");
    assertThat(world.store().isListed(a.id())).isFalse();
    assertThat(world.store().head(a.id())).isNull();
  }

  @Test
  void shouldDeleteItsKeysThoughTheListOfNodesHasLostIt() {
    world.store().save();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(5));
    world.watch(c, "carol");
    c.kill();
    world.advance(Duration.ofSeconds(30));
    assertThat(world.rows()).containsExactly("carol closed NODE_LOST");
    assertThat(world.store().sessions(c.id())).isEqualTo(1);
    world.store().listFallsBack();
    world.advance(Duration.ofSeconds(5));
    assertThat(world.store().head(c.id())).isNull();
  }

  /** What was finished when it was lost for the first time is not all. */
  @Test
  void shouldWriteTheHistoryOfANodeThatCameBackAndIsLostAgainSoonAfter() {
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(5));
    c.cutOffAlone(true);
    world.advance(Duration.ofSeconds(25));
    c.cutOffAlone(false);
    world.advance(Duration.ofSeconds(10));
    world.watch(c, "carol");
    world.advance(Duration.ofSeconds(1));
    c.kill();
    world.advance(Duration.ofSeconds(20));
    assertThat(world.rows()).containsExactly("carol closed NODE_LOST");
  }

  @Test
  void shouldLeaveARowOpenThatGoesOnElsewhere() {
    SimulatedStream alice = world.watch(a, "alice");
    world.databaseTakes(Duration.ofSeconds(2));
    a.kill();
    world.advance(Duration.ofSeconds(3));
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofMinutes(3));
    assertThat(moved.resumed()).isTrue();
    assertThat(world.rows()).containsExactly("alice open");
    assertThat(world.rowOwner("alice")).isEqualTo(b.id());
  }

  @Test
  void shouldCloseWhatWasLeftOpenWhenAllAreKilledAndTheStoreIsEmpty() {
    SimulatedStream alice = world.watch(a, "alice");
    world.watch(b, "bob");
    long killed = world.nowMillis();
    a.kill();
    b.kill();
    world.store().wipe();
    SimulatedServer c = world.server("c");
    world.advance(Duration.ofSeconds(20));
    assertThat(c.isServing()).isTrue();
    SimulatedStream again = world.watched(c.resume("alice", alice.session(), 2));
    assertThat(again.resumed()).isFalse();
    world.advance(Duration.ofMinutes(4));
    assertThat(world.rows())
        .containsExactly("alice closed NODE_LOST", "alice open", "bob closed NODE_LOST");
    assertThat(world.rowLastSignMillis("bob")).isBetween(killed - 10_000, killed + 10);
  }

  @Test
  void shouldShowNothingOfADrainedServerWhoseClientsComeBackElsewhere() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    world.advance(Duration.ofMillis(100));
    assertThat(a.isServing()).isFalse();
    while (alice.closed() == null) {
      world.advance(Duration.ofMillis(100));
    }
    assertThat(alice.closed()).isEqualTo(CloseReason.DRAINING);
    world.advance(Duration.ofSeconds(3));
    SimulatedStream moved = world.watched(b.resume("alice", alice.session(), 2));
    world.advance(Duration.ofMinutes(2));
    assertThat(moved.resumed()).isTrue();
    assertThat(bob.events()).containsExactly("alice ONLINE");
    assertThat(world.rows()).containsExactly("alice open", "bob open");
  }

  @Test
  void shouldCountForTheHandoverWhoDoesNotComeBackAfterADrain() {
    SimulatedStream bob = world.watch(b, "bob");
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    while (alice.closed() == null) {
      world.advance(Duration.ofMillis(100));
    }
    world.advance(Duration.ofMillis(9_500));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.ONLINE);
    world.advance(Duration.ofSeconds(6));
    assertThat(bob.sees("alice")).isEqualTo(PresenceState.OFFLINE);
    world.advance(Duration.ofMinutes(1));
    assertThat(world.rows()).containsExactly("alice closed NODE_LOST", "bob open");
  }

  @Test
  void shouldWriteARowForASessionThatIsDrainedWhileTheStoreIsAway() {
    world.store().away();
    world.advance(Duration.ofSeconds(5));
    SimulatedStream alice = world.watch(a, "alice");
    a.drain();
    world.advance(Duration.ofSeconds(20));
    assertThat(alice.closed()).isNotNull();
    assertThat(world.rows()).hasSize(1);
    world.store().back();
    world.advance(Duration.ofMinutes(4));
    assertThat(world.rows()).hasSize(1).first().asString().startsWith("alice closed");
  }
}
