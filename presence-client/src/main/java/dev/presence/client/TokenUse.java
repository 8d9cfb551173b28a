package dev.presence.client;

import java.util.function.Consumer;

/** One session's dealings with tokens: which it uses, and whether it was refused. */
final class TokenUse {
  private final TokenPort tokens;
  private String current = "";
  private boolean refused; // and none accepted since
  private boolean awaiting;

  TokenUse(TokenPort tokens) {
    this.tokens = tokens;
  }

  /** Gets the token for the next stream: a new one if the last was refused. */
  void request(Consumer<String> onToken, Consumer<String> onFailure) {
    awaiting = true;
    tokens.request(
        refused ? current : "",
        token -> {
          awaiting = false;
          current = token;
          onToken.accept(token);
        },
        why -> {
          awaiting = false;
          onFailure.accept(why);
        });
  }

  /** Whether an answer is being waited for. */
  boolean isAwaiting() {
    return awaiting;
  }

  /** A server accepted the token. */
  void accepted() {
    refused = false;
  }

  /** A server refused the token; false if it had refused the one before, too. */
  boolean mayAskAgain() {
    boolean first = !refused;
    refused = true;
    return first;
  }
}
