package dev.presence.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Limits;
import org.junit.jupiter.api.Test;

class AcquaintancesTest {

  private final Acquaintances acquaintances = new Acquaintances();

  @Test
  void shouldMeetAServerForTheFirstTimeOnce() {
    assertThat(acquaintances.met("a:1")).isTrue();
    assertThat(acquaintances.met("b:1")).isTrue();
    assertThat(acquaintances.met("a:1")).isFalse();
    assertThat(acquaintances.all()).containsExactlyInAnyOrder("a:1", "b:1");
  }

  @Test
  void shouldForgetWhoHasNotSpokenForLongestWhenThereAreTooMany() {
    for (int i = 0; i < Limits.ACQUAINTANCES; i++) {
      acquaintances.met("n" + i + ":1");
    }
    acquaintances.met("n0:1");
    assertThat(acquaintances.met("new:1")).isTrue();
    assertThat(acquaintances.all())
        .hasSize(Limits.ACQUAINTANCES)
        .contains("n0:1", "new:1")
        .doesNotContain("n1:1");
    assertThat(acquaintances.met("n1:1")).isTrue();
  }
}
