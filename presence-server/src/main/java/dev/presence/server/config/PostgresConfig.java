package dev.presence.server.config;

/**
 * Where PostgreSQL is.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param user the database user
 * @param password its password; empty where none is asked for
 */
public record PostgresConfig(String url, String user, Secret password) {}
