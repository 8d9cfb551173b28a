package dev.presence.server.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What servers say of themselves, as they say it. */
final class ServerCheckTest {

  private static final String GOOD =
      """
      # Server\r
      redis_version:7.0.15\r
      redis_mode:cluster\r
      # Memory\r
      maxmemory_policy:noeviction\r
      """;

  private static final String OLD =
      """
      # Server\r
      redis_version:6.2.14\r
      # Memory\r
      maxmemory_policy:noeviction\r
      """;

  private static final String EVICTING =
      """
      # Server\r
      redis_version:7.4.2\r
      # Memory\r
      maxmemory_policy:volatile-lru\r
      """;

  @Test
  void shouldTakeWhatKeepsEverything() {
    assertThatCode(() -> ServerCheck.check(GOOD + GOOD, "here")).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseAnOldRedisInOneSentence() {
    assertThatThrownBy(() -> ServerCheck.check(OLD, "here"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Redis at here is of version 6.2.14, expected 7.0 or newer");
  }

  @Test
  void shouldRefuseWhereOneMasterOfSeveralWillNotDo() {
    assertThatThrownBy(() -> ServerCheck.check(GOOD + GOOD + OLD, "here"))
        .hasMessageContaining("6.2.14");
    assertThatThrownBy(() -> ServerCheck.check(GOOD + EVICTING + GOOD, "here"))
        .hasMessageContaining("maxmemory-policy volatile-lru, expected noeviction");
  }
}
