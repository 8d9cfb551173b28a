package dev.presence.server.model;

import java.util.regex.Pattern;

/**
 * One server process since its boot. A restarted server is a new node, so that it never inherits
 * its predecessor's sessions.
 *
 * @param value 1 to 100 characters of {@code [A-Za-z0-9.-]}: name, start time, random
 */
public record NodeId(String value) implements Comparable<NodeId> {

  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9.-]{1,100}");

  /**
   * Checks the id: it stands between the braces of Redis keys.
   *
   * @throws IllegalArgumentException if {@code value} is no node id
   */
  public NodeId {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "node id '" + value + "' must be 1 to 100 characters of [A-Za-z0-9.-]");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
