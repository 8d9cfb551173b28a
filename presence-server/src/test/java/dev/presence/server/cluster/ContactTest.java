package dev.presence.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContactTest {

  private final Contact contact = new Contact();

  private void answeredEachSecond(long from, long to) {
    for (long now = from; now <= to; now += 1_000) {
      contact.answered(now);
    }
  }

  @Test
  void shouldHaveNoContactBeforeTheFirstAnswer() {
    assertThat(contact.inContact(0)).isFalse();
    assertThat(contact.answered(10)).isTrue();
    assertThat(contact.answered(20)).isFalse();
    assertThat(contact.inContact(2_520)).isTrue();
    assertThat(contact.inContact(2_521)).isFalse();
  }

  @Test
  void shouldLetGraceTimeRunWithTheClockWhileInContact() {
    answeredEachSecond(0, 20_000);
    assertThat(contact.graceTime(15_000) - contact.graceTime(10_000)).isEqualTo(5_000);
  }

  @Test
  void shouldHoldGraceTimeWhileOutOfContactAndForAMomentAfter() {
    answeredEachSecond(0, 10_000);
    long before = contact.graceTime(12_500);
    assertThat(contact.graceTime(60_000)).isEqualTo(before);
    contact.answered(60_000);
    assertThat(contact.graceTime(61_999)).isEqualTo(before);
    contact.answered(62_000);
    assertThat(contact.graceTime(63_000)).isEqualTo(before + 1_000);
  }

  @Test
  void shouldHoldGraceTimeWhenTheStoreLostHistory() {
    answeredEachSecond(0, 10_000);
    long before = contact.graceTime(10_000);
    contact.interrupt(10_000);
    contact.answered(11_000);
    assertThat(contact.graceTime(12_000)).isEqualTo(before);
    assertThat(contact.inContact(12_000)).isTrue();
  }
}
