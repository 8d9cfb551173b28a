package dev.presence.server.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong, so that an operator hears of all of it at once. */
final class Problems {

  private final List<String> lines = new ArrayList<>();

  void add(String problem) {
    lines.add(problem);
  }

  /** A setting has a value that it cannot have. */
  void add(Setting setting, String value, String expected) {
    add(
        setting.key()
            + " is '"
            + (setting.secret() ? Secret.HIDDEN : value)
            + "', expected "
            + expected);
  }

  /** A setting is missing. */
  void missing(Setting setting, String expected) {
    add(
        setting.key()
            + " is not set, expected "
            + expected
            + " (in the environment: "
            + Setting.variable(setting.key())
            + ")");
  }

  void throwIfAny() throws ConfigException {
    if (!lines.isEmpty()) {
      throw new ConfigException(lines);
    }
  }
}
