package dev.presence.lab.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The first of all classes: with it begins what {@link SimulationTest} and {@link PlantedBugsTest}
 * await.
 */
@Order(1)
class PlayedAsideTest {

  @Test
  void shouldLeaveTheProcessorToAllOthers() {
    for (PlayedAside aside : List.of(SimulationTest.aside(), PlantedBugsTest.aside())) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(niceness(aside.pid())).isEqualTo("19"));
    }
  }

  private static String niceness(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "nice=", "-p", Long.toString(pid)).start();
    return new String(ps.getInputStream().readAllBytes(), US_ASCII).strip();
  }
}
