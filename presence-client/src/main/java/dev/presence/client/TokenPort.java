package dev.presence.client;

import java.util.function.Consumer;

/** Port: asks the app for tokens. Called on the session's loop, and answers on it. */
interface TokenPort {

  /**
   * Gives the token at hand, or asks the app.
   *
   * @param refused a token that a server has refused, which is not good enough any more; else empty
   * @param onToken takes the token
   * @param onFailure takes the message of what went wrong in the app
   */
  void request(String refused, Consumer<String> onToken, Consumer<String> onFailure);
}
