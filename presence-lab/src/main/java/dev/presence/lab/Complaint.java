package dev.presence.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Objects;

/**
 * What went wrong, in one line for the person at the terminal. The stack trace is for the log, and
 * for nobody else.
 */
public final class Complaint {

  private Complaint() {}

  /** One line, whatever it was. */
  public static String about(Throwable failure) {
    return oneLine(words(failure));
  }

  private static String words(Throwable failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    String kind = failure.getClass().getSimpleName();
    return switch (failure) {
      case UncheckedIOException outer -> {
        // One without words of its own repeats its cause's.
        Throwable inner = Objects.requireNonNull(outer.getCause());
        yield message.equals(inner.toString()) ? words(inner) : message + ": " + words(inner);
      }
      case FileSystemException file when file.getReason() == null ->
          kind + ": " + message; // the message is but the path
      case IllegalStateException _, SQLException _, IOException _ when !message.isEmpty() ->
          message;
      default -> "unexpected " + kind + (message.isEmpty() ? "" : ": " + message);
    };
  }

  /** The text without line breaks. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
