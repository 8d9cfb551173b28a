package dev.presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private final ManualLoop loop = new ManualLoop();
  private final List<String> got = new ArrayList<>();
  private int asked;
  private boolean failing;
  private final Tokens tokens =
      new Tokens(
          loop,
          loop,
          () -> {
            asked++;
            if (failing) {
              throw new IllegalStateException("no network");
            }
            return "token-" + asked;
          });

  private void request(String refused) {
    tokens.request(refused, got::add, why -> got.add("failed: " + why));
  }

  @Test
  void shouldAskOnceForAllWhoWait() {
    request("");
    request("");
    loop.advance(0);
    request("");

    assertThat(got).containsExactly("token-1", "token-1", "token-1");
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void shouldAskAgainForTheTokenThatWasRefusedOnly() {
    request("");
    loop.advance(0);
    request("token-1");
    loop.advance(0);
    request("token-1"); // another session, which was refused before it heard of the new one

    assertThat(got).containsExactly("token-1", "token-2", "token-2");
  }

  @Test
  void shouldPassOnThatTheAppFailedAndAskAgainLater() {
    failing = true;
    request("");
    loop.advance(0);
    failing = false;
    request("");
    loop.advance(0);

    assertThat(got).hasSize(2);
    assertThat(got.get(0)).startsWith("failed: ").contains("no network");
    assertThat(got.get(1)).isEqualTo("token-2");
  }
}
