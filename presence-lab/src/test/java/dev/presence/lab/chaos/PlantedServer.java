package dev.presence.lab.chaos;

import dev.presence.lab.simulation.plant.PlantCompiler;
import dev.presence.lab.simulation.plant.PlantedBug;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A build of the server with a mistake in it, laid out as an installed one. */
final class PlantedServer {

  private PlantedServer() {}

  /** Makes one, whose start command is {@code bin/presence-server} in the folder returned. */
  static Path build(PlantedBug bug) {
    Path healthy = TestStage.ROOT.resolve("presence-server");
    try {
      Path all = Files.createDirectories(TestStage.ROOT.resolve("presence-lab/target/chaos"));
      Path folder = Files.createTempDirectory(all, "planted");
      Path command = Path.of("bin/presence-server");
      Files.createDirectories(folder.resolve("bin"));
      Files.copy(
          healthy.resolve(command),
          folder.resolve(command),
          StandardCopyOption.COPY_ATTRIBUTES); // it is to be executable
      Files.copy(healthy.resolve("jvm.options"), folder.resolve("jvm.options"));
      Files.createSymbolicLink(folder.resolve("lib"), healthy.resolve("target/lib"));
      Path jar = folder.resolve("presence-server.jar");
      Files.copy(healthy.resolve("target/presence-server.jar"), jar);
      replace(jar, PlantCompiler.compile(bug.className(), bug.plantedIn(TestStage.ROOT)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replace(Path jar, Map<String, byte[]> classes) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      for (Map.Entry<String, byte[]> planted : classes.entrySet()) {
        Path file = inside.getPath(planted.getKey().replace('.', '/') + ".class");
        if (!Files.exists(file)) {
          throw new IOException(jar + " has no " + file);
        }
        Files.write(file, planted.getValue());
      }
    }
  }
}
