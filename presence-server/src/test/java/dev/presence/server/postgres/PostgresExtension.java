package dev.presence.server.postgres;

import dev.presence.migrations.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test class that asks for a {@link TestDatabase} a fresh one. They all live in one
 * PostgreSQL, which starts when the first is asked for, and stops after the last test.
 */
public final class PostgresExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
    Server server = store.computeIfAbsent(Server.class, _ -> new Server(), Server.class);
    return store.computeIfAbsent(
        context.getRequiredTestClass(), _ -> server.create(), TestDatabase.class);
  }

  private static final class Server implements AutoCloseable {
    private static final String TEMPLATE = "migrated";

    private final EmbeddedPostgres postgres;
    private final TestDatabase admin;
    private final AtomicInteger created = new AtomicInteger();

    Server() {
      try {
        postgres = EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new IllegalStateException("the embedded PostgreSQL does not start here", e);
      }
      admin = new TestDatabase(url("postgres"));
      admin.execute("create database " + TEMPLATE);
      Migrations.apply(url(TEMPLATE), TestDatabase.USER, TestDatabase.PASSWORD);
    }

    TestDatabase create() {
      String name = "test_" + created.incrementAndGet();
      admin.execute("create database " + name + " template " + TEMPLATE);
      return new TestDatabase(url(name));
    }

    private String url(String database) {
      return postgres.getJdbcUrl(TestDatabase.USER, database);
    }

    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }
}
