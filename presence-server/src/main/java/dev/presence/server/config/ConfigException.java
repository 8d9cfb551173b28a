package dev.presence.server.config;

import java.util.List;

/** The configuration cannot be used. It names all problems at once. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, one line each, with the bad and the expected value. */
  public List<String> problems() {
    return problems;
  }
}
