package dev.presence.lab.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {

  @TempDir private Path directory;

  /** An empty entry of the PATH is the working directory, and the project's holds such a folder. */
  @Test
  void shouldNotTakeTheFolderOfThatNameForTheProgram() throws IOException {
    Files.createDirectories(directory.resolve("project/envoy"));
    Path program = Files.createDirectories(directory.resolve("bin")).resolve("envoy");
    Files.writeString(program, "#!/bin/sh\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    String path = directory.resolve("project") + ":" + directory.resolve("bin");
    assertThat(EnvoyBinary.find(directory, Map.of("PATH", path))).isEqualTo(program);
  }
}
