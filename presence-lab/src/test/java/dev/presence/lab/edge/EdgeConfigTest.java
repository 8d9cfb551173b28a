package dev.presence.lab.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.identity.DevelopmentKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every configuration that can come out of the template is one that Envoy takes. */
class EdgeConfigTest {

  private static final Path ROOT = Path.of(System.getProperty("presence.root"));

  @TempDir private Path directory;

  private void check(@Nullable Path page, int devPort) throws IOException {
    DevCertificate certificate = DevCertificate.in(directory);
    EdgePlan plan = new EdgePlan(EdgePorts.free(), directory, page, devPort);
    EdgeConfig config =
        EdgeConfig.development(
            ROOT, directory, plan, certificate, DevelopmentKeys.in(directory).jwks());
    new Endpoints(config.endpoints()).write(List.of("127.0.0.1:9101", "127.0.0.1:9102"));
    validate(config);
  }

  private void validate(EdgeConfig config) throws IOException {
    Process envoy =
        new ProcessBuilder(
                EnvoyBinary.find(ROOT, System.getenv()).toString(),
                "--mode",
                "validate",
                "--config-path",
                config.write(directory).toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(envoy.getInputStream().readAllBytes(), UTF_8);
    assertThat(envoy.onExit().join().exitValue()).as(said).isZero();
    assertThat(said).contains("OK");
  }

  @Test
  void shouldBeValidAsAnOperatorFillsItIn() throws IOException {
    Map<String, String> chosen = production();
    DevCertificate certificate = DevCertificate.in(directory);
    chosen.put("CERTIFICATE", certificate.certificate().toString());
    chosen.put("KEY", certificate.key().toString());
    chosen.put("JWKS", DevelopmentKeys.in(directory).jwks().toString());
    chosen.put("ENDPOINTS", directory.resolve("endpoints.json").toString());
    EdgeConfig config = EdgeConfig.chosen(ROOT, directory, chosen);
    new Endpoints(config.endpoints()).write(List.of("127.0.0.1:9101"));
    validate(config);
  }

  @Test
  void shouldNameEveryValueThatIsMissingOrUnknown() throws IOException {
    Map<String, String> chosen = production();
    chosen.remove("PORT");
    chosen.remove("USER_RATE");
    chosen.put("USER_RAIT", "20");
    assertThatThrownBy(() -> EdgeConfig.chosen(ROOT, directory, chosen))
        .hasMessageContaining("no value for PORT, USER_RATE; nothing is called USER_RAIT");
  }

  private static Map<String, String> production() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(ROOT.resolve("envoy/production.properties"))) {
      properties.load(reader);
    }
    Map<String, String> values = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return values;
  }

  @Test
  void shouldBeValidWithEveryChoiceOfParts() throws IOException {
    Path page = Files.createDirectory(directory.resolve("page"));
    check(null, 0);
    check(page, 0);
    check(null, 9);
    check(page, 9);
  }
}
