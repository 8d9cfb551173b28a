package dev.presence.lab.edge;

import dev.presence.lab.identity.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fills in {@code envoy/envoy.yaml}, where every value is explained. */
public final class EdgeConfig {

  /** The optional part that serves a page. */
  static final String PAGE = "page";

  /** The optional part with the sign-in of development. */
  static final String DEV = "dev";

  /** One machine plays thousands of users: nobody is limited. */
  private static final String UNLIMITED = "1000000";

  private static final String LOOPBACK_ORIGINS = "https?://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?";

  private final Path template;
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> parts = new HashSet<>();

  private EdgeConfig(Path template) {
    this.template = template;
  }

  /**
   * What development puts in; {@link #with} replaces it.
   *
   * @param root of the project
   * @param directory for the files that Envoy reads, and its access log
   */
  static EdgeConfig development(
      Path root, Path directory, EdgePlan plan, DevCertificate certificate, Path jwks) {
    EdgeConfig config =
        new EdgeConfig(root.resolve("envoy/envoy.yaml"))
            .with("NODE", "edge")
            .with("HOST", "127.0.0.1")
            .with("PORT", plan.ports().plain())
            .with("TLS_PORT", plan.ports().tls())
            .with("ADMIN_PORT", plan.ports().admin())
            .with("CERTIFICATE", certificate.certificate())
            .with("KEY", certificate.key())
            .with("JWKS", jwks)
            .with("AUDIENCE", Tokens.AUDIENCE)
            .with("ENDPOINTS", directory.resolve("endpoints.json"))
            .with("DESCRIPTORS", directory.resolve("presence.pb"))
            .with("ORIGIN", LOOPBACK_ORIGINS)
            .with("ADDRESS_BURST", UNLIMITED)
            .with("ADDRESS_RATE", UNLIMITED)
            .with("USER_BURST", UNLIMITED)
            .with("USER_RATE", UNLIMITED)
            .with("MAX_CONNECTIONS", "50000")
            .with("MAX_HEAP", 2L << 30)
            .with("ACCESS_LOG", directory.resolve("access.log"));
    Path page = plan.page();
    if (page != null) {
      config.with("PAGE", page).part(PAGE);
    }
    if (plan.devPort() != 0) {
      config.with("DEV_PORT", plan.devPort()).part(DEV);
    }
    return config;
  }

  /**
   * What an operator puts in.
   *
   * @param root of the project
   * @param chosen values by their names; that of the descriptors is ours
   * @throws IllegalArgumentException if names are missing or unknown; all are named
   */
  static EdgeConfig chosen(Path root, Path directory, Map<String, String> chosen)
      throws IOException {
    EdgeConfig config =
        new EdgeConfig(root.resolve("envoy/envoy.yaml"))
            .with("DESCRIPTORS", directory.resolve("presence.pb"));
    Set<String> wanted = Template.names(Files.readString(config.template), Set.of());
    List<String> unknown = chosen.keySet().stream().filter(name -> !wanted.contains(name)).toList();
    chosen.forEach(config::with);
    List<String> missing =
        wanted.stream().filter(name -> !config.values.containsKey(name)).toList();
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          (missing.isEmpty() ? "" : "no value for " + String.join(", ", missing))
              + (missing.isEmpty() || unknown.isEmpty() ? "" : "; ")
              + (unknown.isEmpty() ? "" : "nothing is called " + String.join(", ", unknown))
              + "; envoy/production.properties shows them all");
    }
    return config;
  }

  /** A value in place of the one before; paths become absolute. */
  EdgeConfig with(String name, Object value) {
    values.put(
        name, value instanceof Path path ? path.toAbsolutePath().toString() : value.toString());
    return this;
  }

  private void part(String name) {
    parts.add(name);
  }

  /** Where Envoy looks for the servers. */
  Path endpoints() {
    return Path.of(values.getOrDefault("ENDPOINTS", ""));
  }

  /** Where Envoy writes down what it passes on. */
  Path accessLog() {
    return Path.of(values.getOrDefault("ACCESS_LOG", ""));
  }

  /** Writes the configuration and the descriptors that it names; returns the configuration. */
  Path write(Path directory) {
    try {
      Files.createDirectories(directory);
      Descriptors.write(Path.of(values.getOrDefault("DESCRIPTORS", "")));
      return Files.writeString(
          directory.resolve("envoy.yaml"),
          Template.fill(Files.readString(template), values, parts));
    } catch (IOException e) {
      throw new UncheckedIOException("Envoy's configuration cannot be written", e);
    }
  }
}
