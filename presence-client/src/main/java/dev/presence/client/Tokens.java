package dev.presence.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token in use, shared by all sessions and calls of one client. The app is asked on its own
 * executor, by one question at a time for all who wait. Lives on the loop.
 */
final class Tokens implements TokenPort {
  private final Loop loop;
  private final Executor appExecutor;
  private final TokenSource source;
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable String current;

  private record Waiting(Consumer<String> onToken, Consumer<String> onFailure) {}

  Tokens(Loop loop, Executor appExecutor, TokenSource source) {
    this.loop = loop;
    this.appExecutor = appExecutor;
    this.source = source;
  }

  @Override
  public void request(String refused, Consumer<String> onToken, Consumer<String> onFailure) {
    if (waiting.isEmpty() && current != null && !current.equals(refused)) {
      onToken.accept(current);
      return;
    }
    waiting.add(new Waiting(onToken, onFailure));
    if (waiting.size() == 1) {
      try {
        appExecutor.execute(this::ask);
      } catch (RuntimeException e) {
        answer(null, "the callback executor refused to ask for one: " + e.getMessage());
      }
    }
  }

  private void ask() {
    String token = null;
    String failure = "";
    try {
      token = source.token();
    } catch (RuntimeException e) { // the app's trouble, which may pass
      failure = e.toString();
    }
    String answer = token;
    String why = failure;
    loop.execute(() -> answer(answer, why));
  }

  private void answer(@Nullable String token, String failure) {
    current = token;
    List<Waiting> answered = List.copyOf(waiting);
    waiting.clear();
    for (Waiting one : answered) {
      if (token != null) {
        one.onToken().accept(token);
      } else {
        one.onFailure().accept(failure.isEmpty() ? "the app gave none" : failure);
      }
    }
  }
}
