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
  void shouldStartOverAfterAStreamLivedTenSeconds() {
    long unused = policy.afterLoss(0, 60_000);

    assertThat(policy.afterLoss(100_000, 10_000)).isLessThanOrEqualTo(1_000);
    policy.trying(101_000);
    assertThat(policy.afterFailure(101_000)).isLessThanOrEqualTo(2_000);
  }

  @Test
  void shouldNotStartOverForAStreamThatDiedYoung() {
    long sum = policy.afterLoss(0, 60_000);
    for (long now = 100_000; now < 400_000; now += 30_000) {
      sum = Math.max(sum, policy.afterLoss(now, 9_999));
    }

    assertThat(sum).isGreaterThan(4_000);
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
}
