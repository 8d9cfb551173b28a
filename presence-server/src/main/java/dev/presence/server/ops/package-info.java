/**
 * What operators look at. For now that is the log, which needs no code: {@code logback.xml} beside
 * the classes makes it one JSON object a line, or text for people with {@code PRESENCE_LOG=text}.
 * Metrics and tracing will have their place here.
 */
@NullMarked
package dev.presence.server.ops;

import org.jspecify.annotations.NullMarked;
