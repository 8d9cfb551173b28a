package dev.presence.lab.reliability;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What holds a promise. */
sealed interface Proof {

  Pattern METHOD = Pattern.compile("(\\w+)#(\\w+)");
  Pattern INVARIANT = Pattern.compile("simulation: ([a-z-]+)");
  Pattern WEB = Pattern.compile("(\\w+\\.test\\.ts): (.+)");

  /** A test in Java. */
  record Method(String className, String method) implements Proof {
    @Override
    public String toString() {
      return className + "#" + method;
    }
  }

  /** An invariant of the simulation, by name. */
  record Invariant(String name) implements Proof {
    @Override
    public String toString() {
      return "simulation: " + name;
    }
  }

  /** A test of the browsers' library, by its file and title. */
  record Web(String file, String title) implements Proof {
    @Override
    public String toString() {
      return file + ": " + title;
    }
  }

  /** Reads what stands in the table. */
  static Proof parse(String text) {
    Matcher method = METHOD.matcher(text);
    if (method.matches()) {
      return new Method(method.group(1), method.group(2));
    }
    Matcher invariant = INVARIANT.matcher(text);
    if (invariant.matches()) {
      return new Invariant(invariant.group(1));
    }
    Matcher web = WEB.matcher(text);
    if (web.matches()) {
      return new Web(web.group(1), web.group(2));
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' names no test; expected Class#method, simulation: invariant, or file.test.ts:"
            + " title");
  }
}
