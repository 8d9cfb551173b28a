package dev.presence.server.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.presence.migrations.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConnectionProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small pool of connections to PostgreSQL. It can be made while PostgreSQL is away, and works
 * again by itself when that is back. Thread-safe.
 */
public final class PostgresPool implements AutoCloseable {

  /** Enough for a node: the journal writes on one connection, rosters are read on two or three. */
  public static final int DEFAULT_SIZE = 8;

  private static final Logger log = LoggerFactory.getLogger(PostgresPool.class);

  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(1);

  /** An answer that takes longer does not come: the connection is given up. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_ATTEMPTS = 5;
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK_DETECTED = "40P01";

  private final String jdbcUrl;
  private final String user;
  private final String password;
  private final HikariDataSource connections;
  private final DSLContext jooq;

  /**
   * Makes a pool; connects to nothing yet.
   *
   * @param jdbcUrl for example {@code jdbc:postgresql://db:5432/presence}
   * @param size the most connections, 1 or more; {@link #DEFAULT_SIZE} fits most
   */
  public PostgresPool(String jdbcUrl, String user, String password, int size) {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    this.jdbcUrl = jdbcUrl;
    this.user = user;
    this.password = password;
    connections = new HikariDataSource(hikari(jdbcUrl, user, password, size));
    jooq = DSL.using(connections, SQLDialect.POSTGRES);
  }

  private static HikariConfig hikari(String jdbcUrl, String user, String password, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres");
    config.setJdbcUrl(jdbcUrl);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(size);
    // With nobody waiting there is nothing to fill up, so that after an outage the next one who
    // asks
    // connects at once, instead of waiting for the filler's next try.
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setValidationTimeout(VALIDATION_TIMEOUT.toMillis());
    // A server starts while PostgreSQL is away.
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("connectTimeout", Long.toString(CONNECTION_TIMEOUT.toSeconds()));
    config.addDataSourceProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("ApplicationName", "presence");
    return config;
  }

  /** For single statements, each a transaction of its own. */
  DSLContext jooq() {
    return jooq;
  }

  /**
   * Runs some work in one transaction, and again if PostgreSQL chose it as the victim of a deadlock
   * or a conflict.
   *
   * @throws DataAccessException if it could not be done; then nothing of it was, or PostgreSQL's
   *     answer was lost
   */
  <T> T transaction(Function<DSLContext, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (DataAccessException e) {
        if (!mayBeRepeated(e) || attempt == MAX_ATTEMPTS) {
          throw e;
        }
        log.atDebug().addKeyValue("attempt", attempt).setCause(e).log("a transaction is repeated");
      }
    }
  }

  /**
   * With a connection in hand: left to itself, jOOQ waits for one three times when there is none,
   * to begin, to roll back and to tidy up.
   */
  private <T> T once(Function<DSLContext, T> work) {
    try (Connection connection = connections.getConnection()) {
      return DSL.using(new DefaultConnectionProvider(connection), SQLDialect.POSTGRES)
          .transactionResult(configuration -> work.apply(configuration.dsl()));
    } catch (SQLException e) {
      throw new DataAccessException("no connection to PostgreSQL", e);
    }
  }

  private static boolean mayBeRepeated(DataAccessException e) {
    return SERIALIZATION_FAILURE.equals(e.sqlState()) || DEADLOCK_DETECTED.equals(e.sqlState());
  }

  /**
   * Checks that the schema is the one that this server was built for, or a newer one.
   *
   * @throws org.flywaydb.core.api.FlywayException if it is not, or cannot be read
   */
  void validateSchema() {
    Migrations.validate(jdbcUrl, user, password);
  }

  @Override
  public void close() {
    connections.close();
  }
}
