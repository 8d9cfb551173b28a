package dev.presence.client;

/**
 * Where tokens come from. Asked before the first use, and again after a server has refused the last
 * token; in between the library keeps what it was given.
 */
@FunctionalInterface
public interface TokenSource {

  /**
   * A valid token (a JWT) of the user. Called on the callback executor, so it may take its time; an
   * exception counts as a failed try, and the source is asked again later.
   */
  String token();
}
