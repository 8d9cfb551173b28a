package dev.presence.lab.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class DevSignInTest {

  @TempDir private Path directory;
  private DevSignIn signIn;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    signIn =
        DevSignIn.start(new Tokens(DevelopmentKeys.in(directory)), Map.of("alice", "Alice \"A\""));
  }

  @AfterEach
  void stop() {
    signIn.close();
    http.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path)
      throws IOException, InterruptedException {
    return http.send(
        request.uri(URI.create("http://127.0.0.1:" + signIn.port() + path)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), "/dev/tokens");
  }

  @Test
  void shouldListWhoMaySignIn() throws IOException, InterruptedException {
    assertThat(send(HttpRequest.newBuilder(), "/dev/users").body())
        .isEqualTo("{\"users\":[{\"id\":\"alice\",\"name\":\"Alice \\\"A\\\"\"}]}");
  }

  @Test
  void shouldGiveATokenToWhoeverAsks() throws IOException, InterruptedException, ParseException {
    HttpResponse<String> answer = post("{\"user\": \"alice\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    Map<String, Object> said = JSONObjectUtils.parse(answer.body());
    SignedJWT token = SignedJWT.parse(String.valueOf(said.get("token")));
    assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("alice");
    assertThat(String.valueOf(said.get("expiresAt"))).matches("20\\d\\d-.*Z");
  }

  @Test
  void shouldSayWhatIsWrong() throws IOException, InterruptedException {
    for (String body :
        new String[] {"", "noise", "{}", "[]", "{\"user\": 7}", "{\"user\":\"eve\"}"}) {
      HttpResponse<String> answer = post(body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body()).matches("\\{\"code\":3,\"reason\":\"[A-Z_]+\",\"message\":\".+\"}");
    }
    assertThat(send(HttpRequest.newBuilder(), "/dev/tokens").statusCode()).isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(), "/dev/else").body()).contains("UNKNOWN_PATH");
  }
}
