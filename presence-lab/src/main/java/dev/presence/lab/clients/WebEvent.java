package dev.presence.lab.clients;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a web session, as {@code company.mjs} tells it.
 *
 * @param kind what
 * @param client whom it happened to
 * @param micros when, on the clock of that process
 * @param wallMillis the same as Unix time
 * @param fields what else belongs to it
 */
public record WebEvent(
    String kind, int client, long micros, long wallMillis, Map<String, Object> fields) {

  static WebEvent parse(String line) {
    try {
      Map<String, Object> fields = JSONObjectUtils.parse(line);
      return new WebEvent(
          (String) value(fields, "event"),
          ((Number) value(fields, "client")).intValue(),
          ((Number) value(fields, "at")).longValue(),
          ((Number) value(fields, "wall")).longValue(),
          fields);
    } catch (ParseException | ClassCastException e) {
      throw new IllegalStateException("the web sessions' process said: " + line, e);
    }
  }

  /** A field as text. */
  public String text(String field) {
    return String.valueOf(fields.get(field));
  }

  /** A field that is a number. */
  public long number(String field) {
    return ((Number) value(fields, field)).longValue();
  }

  /** Whether a field is there, and true. */
  public boolean is(String field) {
    return Boolean.TRUE.equals(fields.get(field));
  }

  /** Whether a field is there. */
  public boolean has(String field) {
    return fields.containsKey(field);
  }

  /** A field that is a list. */
  public List<?> list(String field) {
    return (List<?>) value(fields, field);
  }

  /** The same time and client, with the fields of a part; null if there is no such part. */
  @SuppressWarnings("unchecked") // the keys of JSON's objects are texts
  public @Nullable WebEvent part(String field) {
    return fields.get(field) instanceof Map<?, ?> part
        ? new WebEvent(kind, client, micros, wallMillis, (Map<String, Object>) part)
        : null;
  }

  private static Object value(Map<String, Object> fields, String field) {
    Object value = fields.get(field);
    if (value == null) {
      throw new IllegalStateException("no '" + field + "' in " + fields);
    }
    return value;
  }
}
