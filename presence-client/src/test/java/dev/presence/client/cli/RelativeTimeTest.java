package dev.presence.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativeTimeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT-30S, just now",
    "PT0S, just now",
    "PT59S, just now",
    "PT1M, 1 min ago",
    "PT5M59S, 5 min ago",
    "PT59M59S, 59 min ago",
    "PT1H, 1 h ago",
    "PT23H59M, 23 h ago",
    "P1D, 1 day ago",
    "P1DT23H, 1 day ago",
    "P2D, 2 days ago",
    "P400D, 400 days ago"
  })
  void shouldSayItAsPeopleDo(Duration ago, String words) {
    assertThat(RelativeTime.since(NOW.minus(ago), NOW)).isEqualTo(words);
  }
}
