package dev.presence.lab.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OccupancyTest {

  @TempDir private Path directory;

  @Test
  void shouldThrowOutWhatTheLastRunLeftAndBeginItsLogAnew() throws IOException {
    Home home = new Home(directory, directory);
    Files.createDirectories(home.run().resolve("postgres/data"));
    Files.writeString(home.run().resolve("postgres/data/file"), "old");
    Files.writeString(Occupancy.log(home), "old");
    try (Occupancy occupancy = Occupancy.of(home)) {
      occupancy.clear(home);
    }
    assertThat(home.run()).isDirectoryContaining(file -> file.equals(Occupancy.log(home)));
    assertThat(home.run()).isDirectoryNotContaining("glob:**postgres");
    assertThat(Occupancy.log(home)).isEmptyFile();
  }
}
