package dev.presence.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnheardTest {

  private static final String ADDRESS = "a:1";
  private static final long SHARED = 1_700_000_000_000L;
  private static final long LEASE = 5_000;
  private static final long MOVED = LEASE + 5_000;

  private final Unheard unheard = new Unheard(MOVED);

  private void asks(String address, boolean reached, long nowMillis) {
    unheard.asked(address, reached, nowMillis, SHARED + nowMillis);
  }

  private void asksEachSecond(boolean reached, long from, long to) {
    for (long now = from; now <= to; now += 1_000) {
      asks(ADDRESS, reached, now);
    }
  }

  /** What a server says of itself that has renewed at {@code millis}. */
  private static NodeRecord renewedAt(String address, long millis) {
    NodeId node = new NodeId(address.substring(0, address.indexOf(':')));
    long deadline = SHARED + millis + LEASE;
    return new NodeRecord(
        node, deadline, false, Position.NONE, address, 0, false, false, true, false);
  }

  @Test
  void shouldWaitForNobodyWhoHasNotAsked() {
    assertThat(unheard.any(0)).isFalse();
  }

  @Test
  void shouldHoldForAsLongAsAServerThatIsAloneKeepsAsking() {
    for (long now = 0; now < 600_000; now += 1_000) {
      asks(ADDRESS, false, now);
      assertThat(unheard.any(now)).isTrue();
      assertThat(unheard.any(now + 999)).isTrue();
    }
  }

  @Test
  void shouldCountWhoComesButNotWhoAsksOn() {
    asksEachSecond(false, 0, 5_000);
    asks("b:1", false, 5_000);
    assertThat(unheard.arrivals()).isEqualTo(2);
    assertThat(unheard.any(10_000)).isFalse();
    asks(ADDRESS, false, 10_000);
    assertThat(unheard.arrivals()).isEqualTo(3);
  }

  @Test
  void shouldEndWhenItAsksNoMore() {
    asksEachSecond(false, 0, 20_000);
    assertThat(unheard.any(22_500)).isTrue();
    assertThat(unheard.any(22_501)).isFalse();
  }

  @Test
  void shouldEndOnceItHasRenewedAfterItAsked() {
    asks(ADDRESS, false, 1_000);
    unheard.renewed(List.of(renewedAt(ADDRESS, 1_000)), LEASE);
    assertThat(unheard.any(1_001)).isTrue();
    unheard.renewed(List.of(renewedAt(ADDRESS, 1_001)), LEASE);
    assertThat(unheard.any(1_001)).isFalse();
  }

  @Test
  void shouldNotTakeTheRenewalOfAnotherForItsOwn() {
    asks(ADDRESS, false, 1_000);
    unheard.renewed(List.of(renewedAt("b:1", 1_500)), LEASE);
    assertThat(unheard.any(1_500)).isTrue();
  }

  @Test
  void shouldEndWhenItHasHadTheTimeToMoveItsClients() {
    asksEachSecond(false, 0, 30_000);
    // From now on it knows that we reach the store.
    asksEachSecond(true, 31_000, 41_000);
    assertThat(unheard.any(41_000)).isTrue();
    assertThat(unheard.any(41_001)).isFalse();
  }

  @Test
  void shouldGiveItThatTimeAgainWhenTheStoreWasAwayForUsTooMeanwhile() {
    asksEachSecond(true, 0, 8_000);
    asksEachSecond(false, 9_000, 11_000);
    asksEachSecond(true, 12_000, 22_000);
    assertThat(unheard.any(22_000)).isTrue();
    assertThat(unheard.any(22_001)).isFalse();
  }

  @Test
  void shouldWaitForTheLastOfThem() {
    asks(ADDRESS, false, 0);
    asks("b:1", false, 2_000);
    assertThat(unheard.any(4_000)).isTrue();
    unheard.renewed(List.of(renewedAt("b:1", 4_000)), LEASE);
    assertThat(unheard.any(4_000)).isFalse();
  }

  @Test
  void shouldWaitForEachOfThemHoweverManyThereAre() {
    for (int i = 0; i < 1_000; i++) {
      asks("n" + i + ":1", false, 0);
    }
    for (int i = 999; i >= 0; i--) {
      assertThat(unheard.any(1)).isTrue();
      unheard.renewed(List.of(renewedAt("n" + i + ":1", 2)), LEASE);
    }
    assertThat(unheard.any(2)).isFalse();
  }

  @Test
  void shouldNotWaitForItAgainThoughItAsksOn() {
    asksEachSecond(true, 0, 10_000);
    assertThat(unheard.any(10_001)).isFalse();
    asks(ADDRESS, true, 11_000);
    assertThat(unheard.any(11_000)).isFalse();
  }
}
