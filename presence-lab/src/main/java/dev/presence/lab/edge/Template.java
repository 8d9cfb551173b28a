package dev.presence.lab.edge;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in a template: {@code @NAME@} becomes a value, and lines between {@code # begin NAME} and
 * {@code # end NAME} stay only if that part is wanted. Lines that are comments stay as they are.
 */
final class Template {

  private static final Pattern NAME = Pattern.compile("@([A-Z_]+)@");
  private static final Pattern MARK = Pattern.compile("\\s*# (begin|end) (\\w+)");

  private Template() {}

  /**
   * The text, filled in.
   *
   * @throws IllegalArgumentException for a name without a value, a value that would not stay within
   *     its quotes, or a part that is not closed
   */
  static String fill(String template, Map<String, String> values, Set<String> parts) {
    StringBuilder filled = new StringBuilder();
    String part = "";
    for (String line : template.lines().toList()) {
      Matcher mark = MARK.matcher(line);
      if (mark.matches()) {
        part = after(mark, part);
      } else if (part.isEmpty() || parts.contains(part)) {
        filled.append(isComment(line) ? line : fill(line, values)).append('\n');
      }
    }
    if (!part.isEmpty()) {
      throw new IllegalArgumentException("the part '" + part + "' has no end");
    }
    return filled.toString();
  }

  /** The names that have to have a value, in the order in which they come. */
  static Set<String> names(String template, Set<String> parts) {
    Set<String> names = new LinkedHashSet<>();
    String part = "";
    for (String line : template.lines().toList()) {
      Matcher mark = MARK.matcher(line);
      if (mark.matches()) {
        part = after(mark, part);
      } else if (!isComment(line) && (part.isEmpty() || parts.contains(part))) {
        NAME.matcher(line).results().forEach(name -> names.add(name.group(1)));
      }
    }
    return names;
  }

  private static String after(MatchResult mark, String part) {
    boolean begins = mark.group(1).equals("begin");
    if (begins ? !part.isEmpty() : !mark.group(2).equals(part)) {
      throw new IllegalArgumentException("'" + mark.group().strip() + "' within '" + part + "'");
    }
    return begins ? mark.group(2) : "";
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("#");
  }

  private static String fill(String line, Map<String, String> values) {
    return NAME.matcher(line)
        .replaceAll(name -> Matcher.quoteReplacement(value(name.group(1), values)));
  }

  private static String value(String name, Map<String, String> values) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for @" + name + "@");
    }
    if (value.matches("(?s).*['\\n\\r].*")) {
      throw new IllegalArgumentException(
          "@" + name + "@ is '" + value + "', expected text without quotes and line breaks");
    }
    return value;
  }
}
