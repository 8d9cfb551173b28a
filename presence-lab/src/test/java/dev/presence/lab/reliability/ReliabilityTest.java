package dev.presence.lab.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Each test that {@code docs/reliability.md} names has passed in this build. It runs after all
 * others, in a Surefire execution of its own, and only where the build runs all tests.
 */
class ReliabilityTest {

  @Test
  void shouldHaveRunEachTestThatHoldsAPromise() throws IOException {
    String started = System.getProperty("presence.build.started");
    TestReports reports = TestReports.of(Document.root(), Instant.parse(started));
    assertThat(PromiseCheck.unproven(Document.promises(), reports)).isEmpty();
  }
}
