package dev.presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconnectPolicyTest {
  private final ReconnectPolicy policy = new ReconnectPolicy(new Random(7));

  @Test
  void shouldSpreadTheFirstTryOverASecond() {
    List<Long> delays = new ArrayList<>();
    for (int client = 0; client < 1_000; client++) {
      delays.add(new ReconnectPolicy(new Random(client)).afterLoss(0, 60_000));
    }

    assertThat(delays).allMatch(delay -> delay >= 0 && delay <= 1_000);
    assertThat(delays).anyMatch(delay -> delay < 100).anyMatch(delay -> delay > 900);
  }

  @Test
  void shouldStartTriesAtMostTwoSecondsApartForTenSeconds() {
    long now = policy.afterLoss(0, 60_000);
    while (now < 8_000) {
      policy.trying(now);
      long failedAt = now + 700;
      long next = failedAt + policy.afterFailure(failedAt);
      assertThat(next - now).isBetween(500L, 2_000L);
      now = next;
    }
  }

  @Test
  void shouldTryAgainAtOnceWhenAFailureTookItsTime() {
    long now = policy.afterLoss(0, 60_000);
    policy.trying(now);

    assertThat(policy.afterFailure(now + 3_000)).isZero();
  }

  @Test
  void shouldSpareTheServersAfterTenSeconds() {
    long unused = policy.afterLoss(0, 60_000);
    List<Long> delays = new ArrayList<>();
    for (long now = 10_000; delays.size() < 500; now += 30_000) {
      policy.trying(now);
      delays.add(policy.afterFailure(now));
    }

    assertThat(delays.get(0)).isLessThanOrEqualTo(4_000);
    assertThat(delays.get(1)).isLessThanOrEqualTo(8_000);
    assertThat(delays).allMatch(delay -> delay <= 30_000);
    assertThat(delays).anyMatch(delay -> delay > 25_000).anyMatch(delay -> delay < 5_000);
  }

  @Test
  void shouldStartOverAfterAStreamLivedThreeSeconds() {
    long unused = policy.afterLoss(0, 60_000);

    assertThat(policy.afterLoss(100_000, 3_000)).isLessThanOrEqualTo(1_000);
    policy.trying(101_000);
    assertThat(policy.afterFailure(101_000)).isLessThanOrEqualTo(2_000);
  }

  @Test
  void shouldHurryForTheFirstLossHoweverYoungTheSession() {
    policy.connecting(0);
    policy.trying(0);
    policy.answered();

    assertThat(policy.afterLoss(2_000, 2_000)).isLessThanOrEqualTo(1_000);
    policy.trying(11_000);
    assertThat(policy.afterFailure(11_000)).isLessThanOrEqualTo(2_000);
  }

  @Test
  void shouldHurryForEachOfFiveYoungLosses() {
    long now = 0;
    for (int loss = 1; loss <= 5; loss++) {
      now += policy.afterLoss(now, 2_000);
      policy.trying(now);
      policy.answered();
      now += 2_000;
    }

    assertThat(now).isLessThanOrEqualTo(5 * (1_000 + 2_000));
  }

  @Test
  void shouldTryCloselyForTenSecondsFromTheLatestLoss() {
    long unused = policy.afterLoss(0, 60_000);
    policy.trying(1_000);
    policy.answered();

    long now = 8_000 + policy.afterLoss(8_000, 2_000);
    while (now < 16_000) {
      policy.trying(now);
      long next = now + policy.afterFailure(now);
      assertThat(next - now).isBetween(500L, 2_000L);
      now = next;
    }
  }

  @Test
  void shouldSpareServersThatTakeClientsAndDropThemAgain() {
    long now = 0;
    List<Long> delays = new ArrayList<>();
    for (int loss = 1; loss <= 500; loss++) {
      delays.add(policy.afterLoss(now, 2_999));
      policy.trying(now);
      policy.answered();
      now += 40_000;
    }

    assertThat(delays.subList(0, 5)).allMatch(delay -> delay <= 1_000);
    assertThat(delays.get(5)).isLessThanOrEqualTo(4_000);
    assertThat(delays.get(6)).isLessThanOrEqualTo(8_000);
    assertThat(delays.subList(8, 500).stream().mapToLong(delay -> delay).average().orElseThrow())
        .isBetween(13_000.0, 17_000.0);
  }

  /** Of its connections more than one in ten live for less than three seconds. */
  @Test
  void shouldHurryForEachLossInANetworkThatDropsConnectionsEachTwentySeconds() {
    for (int loss = 1; loss <= 1_000; loss++) {
      long lived = loss % 7 == 0 ? 2_000 : 3_000 + loss % 17_000;
      assertThat(policy.afterLoss(0, lived)).isLessThanOrEqualTo(1_000);
    }
  }

  @Test
  void shouldBeInNoHurryAfterAFailureEitherOnceTooManyDiedYoung() {
    for (int loss = 1; loss <= 6; loss++) {
      long unused = policy.afterLoss(0, 1_000);
    }
    List<Long> delays = new ArrayList<>();
    for (int failure = 0; failure < 10; failure++) {
      policy.trying(0);
      delays.add(policy.afterFailure(0));
    }

    assertThat(delays).anyMatch(delay -> delay > 8_000);
  }

  @Test
  void shouldForgetYoungLossesOnceAStreamLivedThreeSeconds() {
    for (int round = 1; round <= 20; round++) {
      loseFiveYoung();
      assertThat(policy.afterLoss(0, 3_000)).isLessThanOrEqualTo(1_000);
    }
  }

  @Test
  void shouldForgetYoungLossesOnceAStreamWasLeftThatHadLivedThreeSeconds() {
    for (int round = 1; round <= 20; round++) {
      loseFiveYoung();
      policy.over(3_000);
    }
  }

  @Test
  void shouldHurryWhenTheTryToMoveFailsLongAfterTheLastLoss() {
    long unused = policy.afterLoss(0, 60_000);
    policy.trying(500);
    policy.answered();

    policy.trying(3_600_000);
    assertThat(policy.afterFailure(3_600_000)).isLessThanOrEqualTo(2_000);
  }

  private void loseFiveYoung() {
    for (int loss = 1; loss <= 5; loss++) {
      assertThat(policy.afterLoss(0, 2_999)).isLessThanOrEqualTo(1_000);
    }
  }
}
