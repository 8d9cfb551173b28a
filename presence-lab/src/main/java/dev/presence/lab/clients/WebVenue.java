package dev.presence.lab.clients;

import java.nio.file.Path;

/**
 * Where the web library holds sessions.
 *
 * @param library the library
 * @param log where the process that holds them complains
 * @param origin where browsers would reach the servers, such as {@code http://127.0.0.1:8080}
 */
public record WebVenue(WebLibrary library, Path log, String origin) {}
