package dev.presence.lab.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TopicSieveTest {

  private static final String MESSAGE = "*3\r\n$7\r\nmessage\r\n$5\r\ntopic\r\n$4\r\nnews\r\n";
  private static final String PUSHED = ">3\r\n$8\r\nsmessage\r\n$5\r\ntopic\r\n$4\r\nnews\r\n";
  private static final String PONG = "*2\r\n$4\r\npong\r\n$0\r\n\r\n";
  private static final String SUBSCRIBED = "*3\r\n$9\r\nsubscribe\r\n$5\r\ntopic\r\n:1\r\n";
  private static final String OTHERS =
      lines("+OK", ":12", "$-1", "*-1", "*0", "-ERR no", "$7", "message")
          + lines("*2", "*1", "$1", "a", "%1", "+k", "*1", ":1", "_", "#t");

  private final Hush hush = new Hush();
  private final TopicSieve sieve = new TopicSieve(hush);

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private String pass(String bytes) {
    return US_ASCII.decode(sieve.pass(ByteBuffer.wrap(bytes.getBytes(US_ASCII)))).toString();
  }

  @Test
  void shouldPassAllOnWhileNothingIsToBeSwallowed() {
    assertThat(pass(SUBSCRIBED + MESSAGE + PONG)).isEqualTo(SUBSCRIBED + MESSAGE + PONG);
    assertThat(hush.swallowed()).isZero();
  }

  @Test
  void shouldSwallowMessagesAndNothingElse() {
    hush.silent(true);

    assertThat(pass(SUBSCRIBED + MESSAGE + PONG + PUSHED + OTHERS))
        .isEqualTo(SUBSCRIBED + PONG + OTHERS);
    assertThat(hush.swallowed()).isEqualTo(2);
  }

  @Test
  void shouldKnowMessagesThatComeInPieces() {
    hush.silent(true);
    StringBuilder passed = new StringBuilder();
    for (char each : (OTHERS + MESSAGE + PONG).toCharArray()) {
      passed.append(pass(String.valueOf(each)));
    }

    assertThat(passed).hasToString(OTHERS + PONG);
    assertThat(hush.swallowed()).isEqualTo(1);
  }

  @Test
  void shouldPassOnAgainWhatComesLater() {
    hush.silent(true);
    assertThat(pass(MESSAGE)).isEmpty();
    hush.silent(false);
    assertThat(pass(MESSAGE)).isEqualTo(MESSAGE);
  }
}
