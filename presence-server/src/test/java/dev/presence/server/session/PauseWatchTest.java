package dev.presence.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.loop.ManualLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PauseWatchTest {

  private final ManualLoop loop = new ManualLoop();
  private final PauseWatch pauses = new PauseWatch(loop);

  /** The server stands still from 5 s to 19 s. */
  private void pause() {
    loop.advance(Duration.ofSeconds(5));
    loop.pause(Duration.ofSeconds(14));
  }

  @Test
  void shouldPushAPeriodThatBeganBeforeThePauseByAllOfIt() {
    pause();
    assertThat(pauses.pushed(0)).isEqualTo(14_000);
    assertThat(pauses.pushed(4_000)).isEqualTo(18_000);
    assertThat(pauses.pushed(5_000)).isEqualTo(19_000);
  }

  @Test
  void shouldNotPushAPeriodThatBeginsWithWhatWasReadJustAfterThePause() {
    pause();
    assertThat(pauses.pushed(19_000)).isEqualTo(19_000);
  }

  @Test
  void shouldNotTouchAPeriodThatBeganLater() {
    pause();
    loop.advance(Duration.ofSeconds(3));
    assertThat(pauses.pushed(21_000)).isEqualTo(21_000);
    assertThat(pauses.pushed(4_000)).isEqualTo(18_000);
  }

  @Test
  void shouldPushNothingBeforeAnyPause() {
    assertThat(pauses.pushed(0)).isZero();
    loop.advance(Duration.ofSeconds(5));
    assertThat(pauses.pushed(0)).isZero();
    assertThat(pauses.pushed(5_000)).isEqualTo(5_000);
  }

  @Test
  void shouldNotTakeAMomentOfHardWorkForAPause() {
    loop.advance(Duration.ofSeconds(5));
    loop.pause(Duration.ofSeconds(1));
    assertThat(pauses.pushed(4_000)).isEqualTo(4_000);
  }

  @Test
  void shouldKnowOfThePauseWhenItIsAskedFirstThing() {
    AtomicLong deadline = new AtomicLong();
    loop.advance(Duration.ofSeconds(5));
    loop.schedule(100, () -> deadline.set(pauses.pushed(4_000)));
    loop.pause(Duration.ofSeconds(14));
    assertThat(deadline).hasValue(18_000);
  }
}
