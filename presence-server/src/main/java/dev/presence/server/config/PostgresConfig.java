package dev.presence.server.config;

import java.time.Duration;

/**
 * Where PostgreSQL is.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, or with several hosts, of which the one
 *     that takes writes is used
 * @param user the database user
 * @param password its password; empty where none is asked for
 * @param statementTimeout after which a statement is given up
 */
public record PostgresConfig(String url, String user, Secret password, Duration statementTimeout) {}
