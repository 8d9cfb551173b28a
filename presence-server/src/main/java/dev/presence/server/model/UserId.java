package dev.presence.server.model;

import java.util.regex.Pattern;

/**
 * The name of a user, as the identity provider gives it (the token's {@code sub}).
 *
 * @param value 1 to 64 characters of {@code [A-Za-z0-9._~:@+-]}
 */
public record UserId(String value) implements Comparable<UserId> {

  /** What an id looks like, for messages to people. */
  public static final String EXPECTED = "1 to 64 characters of [A-Za-z0-9._~:@+-]";

  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._~:@+-]{1,64}");

  /**
   * Checks the id.
   *
   * @throws IllegalArgumentException if {@code value} is no user id
   */
  public UserId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("user id must be " + EXPECTED);
    }
  }

  /** Whether {@code value} is a user id. */
  public static boolean isValid(String value) {
    return PATTERN.matcher(value).matches();
  }

  @Override
  public int compareTo(UserId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
