package dev.presence.migrations;

import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Brings the schema of a PostgreSQL up to date, or checks that it is. */
public final class Migrations {

  private static final String USAGE =
      "usage: Migrations apply|validate JDBC_URL USER   (password: environment variable"
          + " PGPASSWORD)";

  private Migrations() {}

  /**
   * Applies what is missing and returns how many migrations that were; doing it again changes
   * nothing. Needs a direct connection: the lock it takes does not pass a pooler in transaction
   * mode.
   *
   * @throws org.flywaydb.core.api.FlywayException when the database cannot be reached, a migration
   *     fails, or one that was applied has been edited since
   */
  public static int apply(String jdbcUrl, String user, String password) {
    return flyway(jdbcUrl, user, password).migrate().migrationsExecuted;
  }

  /**
   * Checks that all of this version's migrations are applied, unedited. A schema that is newer is
   * fine: during a rollout, old servers meet it.
   *
   * @throws org.flywaydb.core.api.FlywayException when they are not, saying which
   */
  public static void validate(String jdbcUrl, String user, String password) {
    flyway(jdbcUrl, user, password).validate();
  }

  /**
   * The migrations that are not applied yet, in their order, such as {@code 5 (directory)}.
   *
   * @throws org.flywaydb.core.api.FlywayException when the database cannot be reached
   */
  public static List<String> missing(String jdbcUrl, String user, String password) {
    return Arrays.stream(flyway(jdbcUrl, user, password).info().pending())
        .map(migration -> migration.getVersion() + " (" + migration.getDescription() + ")")
        .toList();
  }

  private static Flyway flyway(String jdbcUrl, String user, String password) {
    FluentConfiguration configuration =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(jdbcUrl, user, password)
            .locations("classpath:db/migration");
    // A lock held in a transaction would wait for ever on CREATE INDEX CONCURRENTLY.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println(USAGE);
      System.exit(2);
    }
    String password = System.getenv().getOrDefault("PGPASSWORD", "");
    switch (args[0]) {
      case "apply" -> System.out.println("applied " + apply(args[1], args[2], password));
      case "validate" -> {
        validate(args[1], args[2], password);
        System.out.println("up to date");
      }
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }
}
