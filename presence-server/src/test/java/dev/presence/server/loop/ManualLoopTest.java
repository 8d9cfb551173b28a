package dev.presence.server.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualLoopTest {

  private final ManualLoop loop = new ManualLoop(1_000);
  private final List<String> story = new ArrayList<>();

  @Test
  void shouldRunTasksByTimeAndThenByArrival() {
    loop.schedule(20, () -> tell("late"));
    loop.schedule(10, () -> tell("early"));
    loop.schedule(10, () -> tell("early too"));
    loop.execute(() -> loop.execute(() -> tell("now")));

    loop.runDue();
    assertThat(story).containsExactly("now@1000");

    loop.advance(Duration.ofMillis(15));
    assertThat(story).containsExactly("now@1000", "early@1010", "early too@1010");

    loop.advance(Duration.ofSeconds(1));
    assertThat(story).endsWith("late@1020");
    assertThat(loop.nowMillis()).isEqualTo(2_015);
    assertThat(loop.waiting()).isZero();
  }

  @Test
  void shouldNotRunWhatWasTakenBack() {
    EventLoop.Timer timer = loop.schedule(10, () -> tell("never"));
    loop.schedule(10, () -> tell("always"));
    timer.cancel();

    loop.advance(Duration.ofMillis(10));

    assertThat(story).containsExactly("always@1010");
  }

  @Test
  void shouldRunTasksLateAfterAPause() {
    loop.schedule(10, () -> tell("late"));

    loop.pause(Duration.ofMillis(500));

    assertThat(story).containsExactly("late@1500");
  }

  private void tell(String what) {
    story.add(what + '@' + loop.nowMillis());
  }
}
