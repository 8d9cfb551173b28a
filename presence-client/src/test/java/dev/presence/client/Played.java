package dev.presence.client;

import dev.presence.client.FakeTransport.FakeStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A session machine with everything around it in the hands of a test. */
final class Played {
  final ManualLoop loop = new ManualLoop();
  final FakeTransport transport = new FakeTransport();
  final Told told = new Told();

  /** What the app answers when it is asked for a token, in order; then nothing any more. */
  final Deque<String> tokens = new ArrayDeque<>(List.of("token-1", "token-2", "token-3"));

  /** All random numbers: this part of their range. */
  double luck = 1.0;

  final SessionMachine machine =
      new SessionMachine(
          loop,
          new FixedLuck(),
          transport,
          new ScriptedTokens(),
          new ClientIdentity("test", "1.0"),
          told);

  /** A session that is live, on its first stream. */
  static Played live() {
    Played played = new Played();
    played.machine.connect();
    played.stream().hello("s1", false);
    played.told.news();
    return played;
  }

  FakeStream stream() {
    return transport.last();
  }

  int opens() {
    return transport.streams.size();
  }

  /** Time passes, with each heartbeat answered. */
  void liveFor(long millis) {
    for (long passed = 0; passed < millis; passed += 100) {
      loop.advance(100);
      stream().ack(Long.MAX_VALUE);
    }
  }

  private final class FixedLuck implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("only bounded numbers are expected");
    }

    @Override
    public long nextLong(long bound) {
      return (long) (luck * (bound - 1));
    }
  }

  private final class ScriptedTokens implements TokenPort {
    private String current = "";

    @Override
    public void request(String refused, Consumer<String> onToken, Consumer<String> onFailure) {
      if (current.isEmpty() || current.equals(refused)) {
        String next = tokens.poll();
        if (next == null) {
          onFailure.accept("none left");
          return;
        }
        current = next;
      }
      onToken.accept(current);
    }
  }
}
