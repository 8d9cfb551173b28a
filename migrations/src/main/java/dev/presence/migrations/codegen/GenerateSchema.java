package dev.presence.migrations.codegen;

import dev.presence.migrations.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Constants;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Target;

/**
 * Starts a PostgreSQL, applies the migrations, and has jOOQ describe the result in Java. Does
 * nothing when neither the migrations nor jOOQ nor this class have changed since the last time.
 *
 * <p>Where no PostgreSQL can be started, {@code PRESENCE_CODEGEN_JDBC_URL} (with {@code
 * PRESENCE_CODEGEN_USER} and {@code PRESENCE_CODEGEN_PASSWORD}) names an empty database to use.
 */
public final class GenerateSchema {

  private static final String PACKAGE = "dev.presence.server.postgres.schema";

  private GenerateSchema() {}

  /** Arguments: the folder of the migrations, the folder to generate into, the stamp file. */
  public static void main(String[] args) throws Exception {
    Path migrations = Path.of(args[0]);
    Path output = Path.of(args[1]);
    Path stamp = Path.of(args[2]);

    String fingerprint = fingerprint(migrations);
    if (Files.isDirectory(output)
        && Files.exists(stamp)
        && Files.readString(stamp).equals(fingerprint)) {
      return;
    }
    generate(output);
    Files.writeString(stamp, fingerprint);
  }

  private static void generate(Path output) throws Exception {
    String url = System.getenv("PRESENCE_CODEGEN_JDBC_URL");
    if (url != null && !url.isBlank()) {
      generate(
          url,
          System.getenv().getOrDefault("PRESENCE_CODEGEN_USER", "postgres"),
          System.getenv().getOrDefault("PRESENCE_CODEGEN_PASSWORD", ""),
          output);
      return;
    }
    try (EmbeddedPostgres postgres = start()) {
      generate(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres", output);
    }
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "The embedded PostgreSQL does not start here (as root it needs 'unshare' and user"
              + " namespaces). PRESENCE_CODEGEN_JDBC_URL can name an empty database instead.",
          e);
    }
  }

  private static void generate(String url, String user, String password, Path output)
      throws Exception {
    Migrations.apply(url, user, password);
    GenerationTool.generate(
        new Configuration()
            .withJdbc(new Jdbc().withUrl(url).withUser(user).withPassword(password))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withInputSchema("public")
                            .withOutputSchemaToDefault(true)
                            // Partitions differ from month to month; the code sees their parent.
                            .withExcludes("flyway_schema_history|sessions_(default|\\d{4}_\\d{2})")
                            .withForcedTypes(
                                new ForcedType()
                                    .withName("INSTANT")
                                    .withIncludeTypes("timestamp.*with time zone|timestamptz")))
                    .withGenerate(
                        new Generate().withFluentSetters(true).withGeneratedAnnotation(false))
                    .withTarget(
                        new Target().withPackageName(PACKAGE).withDirectory(output.toString()))));
  }

  private static String fingerprint(Path migrations) throws IOException {
    MessageDigest digest = sha256();
    digest.update(Constants.FULL_VERSION.getBytes(StandardCharsets.UTF_8));
    try (InputStream self = GenerateSchema.class.getResourceAsStream("GenerateSchema.class")) {
      if (self != null) {
        digest.update(self.readAllBytes());
      }
    }
    for (Path file : sorted(migrations)) {
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
