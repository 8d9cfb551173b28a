package dev.presence.lab.chaos;

import dev.presence.lab.chaos.stage.SingleRedis;
import dev.presence.lab.chaos.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** Stages for tests: with a fixed seed, three servers and one Redis. */
final class TestStage {

  static final Path ROOT = Path.of(System.getProperty("presence.root", "..")).toAbsolutePath();

  private static final long SEED = 7;
  private static final int SERVERS = 3;

  private TestStage() {}

  static Stage start(String name, int clients) throws IOException, SQLException {
    return start(name, clients, ROOT.resolve("presence-server"));
  }

  /** With another build of the server. */
  static Stage start(String name, int clients, Path build) throws IOException, SQLException {
    Path all = Files.createDirectories(ROOT.resolve("presence-lab/target/chaos"));
    return Stage.start(
        new Stage.Plan(
            ROOT,
            build,
            Files.createTempDirectory(all, name),
            SingleRedis::start,
            SERVERS,
            clients,
            false,
            SEED));
  }
}
