package dev.presence.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebLibraryTest {

  @TempDir private Path root;
  private Path folder;
  private Map<String, String> environment;

  @BeforeEach
  void install() throws IOException {
    folder = root.resolve("presence-web");
    Files.createDirectories(folder.resolve("node_modules/undici"));
    Files.createDirectories(folder.resolve("dist"));
    Files.createFile(folder.resolve("dist/index.js"));
    Path node = Files.createDirectories(root.resolve("bin")).resolve("node");
    assertThat(Files.createFile(node).toFile().setExecutable(true)).isTrue();
    environment = Map.of("PATH", "/nowhere:" + node.getParent());
  }

  @Test
  void shouldFindNodeAndTheLibrary() {
    WebLibrary found = WebLibrary.find(root, environment);

    assertThat(found.node()).isEqualTo(root.resolve("bin/node"));
    assertThat(found.script()).isEqualTo(folder.resolve("replay/company.mjs"));
  }

  @Test
  void shouldSayThatNodeIsMissing() {
    assertThatThrownBy(() -> WebLibrary.find(root, Map.of("PATH", "/nowhere")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("node is not on the PATH; install Node 20.19 or newer");
  }

  @Test
  void shouldSayThatTheLibraryIsNotBuilt() throws IOException {
    Files.delete(folder.resolve("dist/index.js"));

    assertThatThrownBy(() -> WebLibrary.find(root, environment))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("presence-web is not built; ./presence builds it");
  }
}
