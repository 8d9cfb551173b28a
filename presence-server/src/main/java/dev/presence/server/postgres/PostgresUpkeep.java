package dev.presence.server.postgres;

import static org.jooq.impl.DSL.currentInstant;
import static org.jooq.impl.DSL.val;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.postgres.schema.Routines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks after the schema: checks its version at start, and makes the partitions of the coming
 * months ahead, at start and each day. While PostgreSQL is away it tries again; presence works on
 * meanwhile.
 */
public final class PostgresUpkeep {

  private static final Logger log = LoggerFactory.getLogger(PostgresUpkeep.class);

  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration DAY = Duration.ofDays(1);

  /** This month and the next three. */
  private static final int MONTHS = 4;

  private final EventLoop loop;
  private final Executor executor;
  private final PostgresPool pool;
  private final CompletableFuture<SchemaState> first = new CompletableFuture<>();
  private SchemaState state = SchemaState.UNREACHABLE;
  private volatile String problem = "";
  private boolean told;
  private EventLoop.@Nullable Timer next;
  private boolean stopped;

  /** What a look at the schema showed. */
  public enum SchemaState {
    /** It is the one that this server was built for, or a newer one. */
    UP_TO_DATE,
    /** Migrations are missing: this server cannot work with it. */
    OUTDATED,
    /** It could not be read. */
    UNREACHABLE
  }

  /**
   * Builds it; {@link #start} makes it work.
   *
   * @param loop for its state and timers
   * @param executor for what blocks
   */
  public PostgresUpkeep(EventLoop loop, Executor executor, PostgresPool pool) {
    this.loop = loop;
    this.executor = executor;
    this.pool = pool;
  }

  /**
   * Begins. The stage completes with what the first look shows; a server that finds the schema
   * OUTDATED should not serve.
   */
  public CompletionStage<SchemaState> start() {
    loop.execute(this::look);
    return first;
  }

  /** Why the schema is OUTDATED, in a sentence for the operator; empty if it is not. */
  public String problem() {
    return problem;
  }

  /** Does nothing more. */
  public void stop() {
    loop.execute(
        () -> {
          stopped = true;
          if (next != null) {
            next.cancel();
          }
        });
  }

  private void look() {
    var _ =
        CompletableFuture.supplyAsync(this::validateAndPrepare, executor)
            .whenCompleteAsync(this::looked, loop);
  }

  private SchemaState validateAndPrepare() {
    try {
      pool.validateSchema();
      pool.jooq()
          .select(Routines.presenceEnsureSessionPartitions(currentInstant(), val(MONTHS)))
          .fetch();
      problem = "";
      return SchemaState.UP_TO_DATE;
    } catch (FlywayValidateException e) {
      problem = problem(e);
      log.atError().setCause(e).log(problem);
      return SchemaState.OUTDATED;
    } catch (FlywayException | DataAccessException e) {
      log.atDebug().setCause(e).log("the schema of PostgreSQL could not be checked");
      return SchemaState.UNREACHABLE;
    }
  }

  private String problem(FlywayValidateException e) {
    List<String> missing = pool.missingMigrations();
    return missing.isEmpty()
        ? "the schema of PostgreSQL is not what the migrations make: " + e.getMessage()
        : "the schema of PostgreSQL lacks the migrations %s: apply them first"
            .formatted(String.join(", ", missing));
  }

  private void looked(@Nullable SchemaState seen, @Nullable Throwable defect) {
    if (defect != null) {
      log.atError().setCause(defect).log("looking after the schema failed");
    }
    SchemaState now = seen == null ? SchemaState.UNREACHABLE : seen;
    if (now != state || !told) {
      told = true;
      state = now;
      log.atLevel(now == SchemaState.UP_TO_DATE ? Level.INFO : Level.WARN)
          .addKeyValue("state", now)
          .log("the schema of PostgreSQL");
    }
    first.complete(now);
    if (!stopped) {
      next = loop.schedule((now == SchemaState.UP_TO_DATE ? DAY : RETRY).toMillis(), this::look);
    }
  }
}
