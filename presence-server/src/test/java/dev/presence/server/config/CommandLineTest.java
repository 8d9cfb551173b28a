package dev.presence.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.config.CommandLine.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String file;

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path keys = Files.writeString(directory.resolve("jwks.json"), "{}");
    file =
        Files.writeString(
                directory.resolve("presence.properties"),
                """
                redis.url = redis://127.0.0.1
                postgres.url = jdbc:postgresql://127.0.0.1/presence
                postgres.password = s3cret
                auth.jwks-file = %s
                """
                    .formatted(keys))
            .toString();
  }

  private Request parse(String... arguments) {
    return CommandLine.parse(
        arguments, Map.of(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private String said() {
    return out.toString(UTF_8);
  }

  private String complained() {
    return err.toString(UTF_8);
  }

  @Test
  void shouldServeByAFile() {
    assertThat(parse("--config", file))
        .isInstanceOfSatisfying(
            Request.Serve.class,
            serve -> assertThat(serve.config().redis().url()).isEqualTo("redis://127.0.0.1"));
    assertThat(said()).isEmpty();
    assertThat(complained()).isEmpty();
  }

  @Test
  void shouldOrderTheServerOfAFileToLeave() {
    assertThat(parse("--config", file, "--drain"))
        .isInstanceOfSatisfying(
            Request.Drain.class,
            order -> {
              assertThat(order.hurry()).isFalse();
              assertThat(order.config().internal().address()).isEqualTo("127.0.0.1:9201");
            });
    assertThat(parse("--config", file, "--drain-now"))
        .isInstanceOfSatisfying(Request.Drain.class, order -> assertThat(order.hurry()).isTrue());
  }

  @Test
  void shouldExplainItselfAndEverySetting() {
    assertThat(parse("--help")).isEqualTo(new Request.Exit(0));
    assertThat(said()).contains("--config", "--check-config", "--version", "heartbeat.interval");
  }

  @Test
  void shouldTellItsVersion() {
    assertThat(parse("--version")).isEqualTo(new Request.Exit(0));
    assertThat(said()).startsWith("presence-server ");
  }

  @Test
  void shouldPrintWhatIsInEffectWithoutSecrets() {
    assertThat(parse("--config", file, "--check-config")).isEqualTo(new Request.Exit(0));
    assertThat(said())
        .contains("grace.period = 10s", "postgres.password = ********")
        .doesNotContain("s3cret");
  }

  @Test
  void shouldPrintAConfigurationThatCanBeReadAgain() throws IOException {
    parse("--config", file, "--check-config");
    String effective = Files.writeString(directory.resolve("again"), said()).toString();
    out.reset();
    assertThat(parse("--config", effective, "--check-config")).isEqualTo(new Request.Exit(0));
    assertThat(Files.readString(Path.of(effective))).isEqualTo(said());
  }

  @Test
  void shouldPrintAllProblemsAndFail() {
    assertThat(parse("--check-config")).isEqualTo(new Request.Exit(1));
    assertThat(said()).isEmpty();
    assertThat(complained().lines()).hasSize(3).allMatch(line -> line.contains("is not set"));
  }

  @Test
  void shouldNotServeByAConfigurationThatCannotBeUsed() {
    assertThat(parse()).isEqualTo(new Request.Exit(1));
    assertThat(complained()).contains("redis.url", "postgres.url", "auth.jwks-file");
  }

  @Test
  void shouldNameAnOptionThatItDoesNotKnow() {
    assertThat(parse("--confg", file)).isEqualTo(new Request.Exit(2));
    assertThat(complained()).contains("--confg").contains("--help").hasLineCount(1);
  }
}
