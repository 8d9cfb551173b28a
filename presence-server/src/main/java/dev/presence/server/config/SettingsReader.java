package dev.presence.server.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings as what they are. What cannot be read is noted as a problem, and something
 * harmless is returned, so that the reading goes on to the next problem.
 */
final class SettingsReader {

  private static final Pattern INTEGER = Pattern.compile("\\d{1,9}");

  private final Map<Setting, String> values;
  private final Problems problems;

  /** Reads from these texts, in which a setting without a value is missing. */
  SettingsReader(Map<Setting, String> values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /** The text of a setting; null if it is missing or empty. */
  @Nullable String optional(Setting setting) {
    String text = values.get(setting);
    return text == null || text.isEmpty() ? null : text;
  }

  /** The text of a setting that must be there. */
  String required(Setting setting, String expected) {
    String text = optional(setting);
    if (text == null) {
      problems.missing(setting, expected);
      return "";
    }
    return text;
  }

  /** A text of this form. */
  String matching(Setting setting, Pattern form, String expected) {
    String text = required(setting, expected);
    if (!text.isEmpty() && !form.matcher(text).matches()) {
      problems.add(setting, text, expected);
    }
    return text;
  }

  int integer(Setting setting, int least, int greatest) {
    String expected = "a number from " + least + " to " + greatest;
    String text = required(setting, expected);
    if (INTEGER.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= greatest) {
        return number;
      }
    }
    if (!text.isEmpty()) {
      problems.add(setting, text, expected);
    }
    return least;
  }

  boolean flag(Setting setting) {
    String text = required(setting, "true or false");
    if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
      problems.add(setting, text, "true or false");
    }
    return text.equals("true");
  }

  /** A duration of at least a millisecond. */
  Duration duration(Setting setting) {
    String text = required(setting, Durations.EXPECTED);
    Duration duration = Durations.parse(text).orElse(Duration.ZERO);
    if (duration.isZero()) {
      if (!text.isEmpty()) {
        problems.add(setting, text, Durations.EXPECTED + ", greater than 0");
      }
      return Duration.ofMillis(1);
    }
    return duration;
  }

  /** A file that can be read. */
  Path file(Setting setting, String text) {
    try {
      Path file = Path.of(text);
      if (!text.isEmpty() && !(Files.isRegularFile(file) && Files.isReadable(file))) {
        problems.add(setting, text, "a file that can be read");
      }
      return file;
    } catch (InvalidPathException e) {
      problems.add(setting, text, "a file that can be read");
      return Path.of("");
    }
  }
}
