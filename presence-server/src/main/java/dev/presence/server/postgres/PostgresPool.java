package dev.presence.server.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.presence.migrations.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConnectionProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small pool of connections to PostgreSQL. It can be made while PostgreSQL is away, and works
 * again by itself when that is back. Where the URL lists several hosts, it connects to the one that
 * takes writes, and to another one when that has changed. Thread-safe.
 */
public final class PostgresPool implements AutoCloseable {

  /** Enough for a node: the journal writes on one connection, rosters are read on two or three. */
  public static final int DEFAULT_SIZE = 8;

  private static final Logger log = LoggerFactory.getLogger(PostgresPool.class);

  /** How long a statement may take unless said otherwise. */
  public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(1);

  /** The next host must have its turn before those who wait for a connection are sent away. */
  private static final Duration CONNECT_TIMEOUT_OF_SEVERAL = Duration.ofSeconds(1);

  /** A host that was no primary, or not there, is passed over for so long if there is another. */
  private static final Duration HOST_RECHECK = Duration.ofSeconds(2);

  /** A server that is there cancels a statement in time: after that, no answer comes. */
  private static final Duration ANSWER_SLACK = Duration.ofSeconds(5);

  private static final Pattern HOSTS = Pattern.compile("^jdbc:postgresql://([^/?]*)");

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
   * @param jdbcUrl for example {@code jdbc:postgresql://db:5432/presence}, or {@code
   *     jdbc:postgresql://db1,db2/presence}; what it says itself of timeouts and of the kind of
   *     server counts
   * @param size the most connections, 1 or more; {@link #DEFAULT_SIZE} fits most
   */
  public PostgresPool(String jdbcUrl, String user, String password, int size) {
    this(jdbcUrl, user, password, size, DEFAULT_STATEMENT_TIMEOUT);
  }

  /**
   * Makes a pool; connects to nothing yet.
   *
   * @param statementTimeout after which PostgreSQL gives a statement up, at least a millisecond
   */
  public PostgresPool(
      String jdbcUrl, String user, String password, int size, Duration statementTimeout) {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    this.jdbcUrl = jdbcUrl;
    this.user = user;
    this.password = password;
    connections = new HikariDataSource(hikari(jdbcUrl, user, password, size, statementTimeout));
    jooq = DSL.using(connections, SQLDialect.POSTGRES);
  }

  private static HikariConfig hikari(
      String jdbcUrl, String user, String password, int size, Duration statementTimeout) {
    int hosts = hosts(jdbcUrl);
    Duration connect = hosts == 1 ? CONNECTION_TIMEOUT : CONNECT_TIMEOUT_OF_SEVERAL;
    Duration wait = hosts == 1 ? CONNECTION_TIMEOUT : connect.multipliedBy(hosts + 1L);
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
    config.setConnectionTimeout(wait.toMillis());
    config.setValidationTimeout(VALIDATION_TIMEOUT.toMillis());
    // A server starts while PostgreSQL is away.
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new StandbyOverride());
    // By a statement, not by the protocol's start: poolers in between refuse what they do not know.
    config.setConnectionInitSql("set statement_timeout = " + statementTimeout.toMillis());
    config.addDataSourceProperty("connectTimeout", Long.toString(connect.toSeconds()));
    config.addDataSourceProperty(
        "socketTimeout", Long.toString(statementTimeout.plus(ANSWER_SLACK).toSeconds()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("targetServerType", "primary");
    config.addDataSourceProperty("loadBalanceHosts", "false");
    config.addDataSourceProperty("hostRecheckSeconds", Long.toString(HOST_RECHECK.toSeconds()));
    config.addDataSourceProperty("ApplicationName", "presence");
    return config;
  }

  /** How many hosts a URL lists. */
  private static int hosts(String jdbcUrl) {
    Matcher hosts = HOSTS.matcher(jdbcUrl);
    return hosts.find() ? hosts.group(1).split(",", -1).length : 1;
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

  /** The migrations that the schema lacks, such as {@code 5 (directory)}. */
  List<String> missingMigrations() {
    return Migrations.missing(jdbcUrl, user, password);
  }

  @Override
  public void close() {
    connections.close();
  }
}
