package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.CloseReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page that callers look errors up in. */
class PublicTableTest {

  private static List<String> rows() throws IOException {
    return Files.readAllLines(Path.of(System.getProperty("presence.root"), "docs/protocol.md"));
  }

  @Test
  void shouldListEveryReasonWithItsStatus() throws IOException {
    List<String> rows = rows();
    for (ErrorReason reason : ErrorReason.values()) {
      String start = "| `" + reason + "` | `" + reason.code() + "` |";
      assertThat(rows).as("the row of %s", reason).anyMatch(row -> row.startsWith(start));
    }
  }

  @Test
  void shouldListEveryCloseReason() throws IOException {
    List<String> rows = rows();
    for (CloseReason reason : CloseReason.values()) {
      String start = "| `" + reason + "` |";
      assertThat(rows).as("the row of %s", reason).anyMatch(row -> row.startsWith(start));
    }
  }
}
