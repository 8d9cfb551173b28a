package dev.presence.lab.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.presence.lab.identity.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for a company's sign-in, on the loopback: whoever says that they are Alice gets Alice's
 * token. Envoy leads {@code /dev/} here.
 *
 * <ul>
 *   <li>{@code GET /dev/users} answers {@code {"users": [{"id", "name"}]}}
 *   <li>{@code POST /dev/tokens} with {@code {"user": "alice"}} answers {@code {"token",
 *       "expiresAt"}}
 *   <li>An error is {@code {"code", "reason", "message"}}, as those of the REST calls.
 * </ul>
 */
public final class DevSignIn implements AutoCloseable {

  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final int MAX_BODY_BYTES = 4_096;

  /** gRPC's, by which all errors are called. */
  private static final int INVALID_ARGUMENT = 3;

  private static final int NOT_FOUND = 5;

  private final HttpServer server;
  private final Tokens tokens;
  private final Map<String, String> users;

  private record Answer(int status, Map<String, Object> body) {

    static Answer error(int status, int code, String reason, String message) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("code", code);
      body.put("reason", reason);
      body.put("message", message);
      return new Answer(status, body);
    }
  }

  private DevSignIn(HttpServer server, Tokens tokens, Map<String, String> users) {
    this.server = server;
    this.tokens = tokens;
    this.users = users;
  }

  /**
   * Starts it, on a free port.
   *
   * @param users the names of those who may sign in, by their ids, in the order of the list; not
   *     copied, so that more may come
   */
  public static DevSignIn start(Tokens tokens, Map<String, String> users) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      DevSignIn signIn = new DevSignIn(server, tokens, users);
      server.createContext("/", signIn::handle);
      server.start();
      return signIn;
    } catch (IOException e) {
      throw new UncheckedIOException("the sign-in of development cannot be started", e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = JSONObjectUtils.toJSONString(answer.body).getBytes(UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.getResponseHeaders().set("cache-control", "no-store");
      exchange.sendResponseHeaders(answer.status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    return switch (call) {
      case "GET /dev/users" -> new Answer(200, Map.of("users", list()));
      case "POST /dev/tokens" -> token(exchange.getRequestBody().readNBytes(MAX_BODY_BYTES));
      default ->
          Answer.error(
              404, NOT_FOUND, "UNKNOWN_PATH", "there are GET /dev/users and POST /dev/tokens here");
    };
  }

  private List<Map<String, String>> list() {
    return users.entrySet().stream()
        .map(
            user -> {
              Map<String, String> shown = new LinkedHashMap<>();
              shown.put("id", user.getKey());
              shown.put("name", user.getValue());
              return shown;
            })
        .toList();
  }

  private Answer token(byte[] body) {
    Object user;
    try {
      user = JSONObjectUtils.parse(new String(body, UTF_8)).get("user");
    } catch (ParseException e) {
      user = null;
    }
    if (!(user instanceof String id)) {
      return Answer.error(
          400,
          INVALID_ARGUMENT,
          "MALFORMED_REQUEST",
          "expected a body such as {\"user\": \"alice\"}");
    }
    if (!users.containsKey(id)) {
      return Answer.error(
          400, INVALID_ARGUMENT, "UNKNOWN_USER", "user is none of those that GET /dev/users lists");
    }
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("token", tokens.sign(id, Tokens.AUDIENCE, "", LIFETIME));
    made.put("expiresAt", Instant.now().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS).toString());
    return new Answer(200, made);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
