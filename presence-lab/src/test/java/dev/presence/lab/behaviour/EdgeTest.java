package dev.presence.lab.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Departure;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.Hello;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingStub;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Through Envoy everything is as it is without, on each of the ways in. */
class EdgeTest extends EdgeStory {

  private static final int LARGEST_BODY = 64 * 1024;

  /** More than 2 KiB of them. */
  private static final int MANY_HEARTBEATS = 600;

  private static final String JSON = "application/json";

  EdgeTest(World world) {
    super(world);
  }

  private static Map<String, Object> json(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).contains(JSON);
    try {
      return JSONObjectUtils.parse(answer.body());
    } catch (ParseException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  private static void checkError(
      HttpResponse<String> answer, int status, Code code, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    Map<String, Object> said = json(answer);
    assertThat(((Number) said.getOrDefault("code", -1)).intValue()).isEqualTo(code.value());
    assertThat(said.get("reason")).isEqualTo(reason);
    assertThat(String.valueOf(said.get("message"))).isNotBlank();
  }

  @Test
  void shouldCarryALiveStream() {
    String friend = world.friendOf(user);
    try (Person watcher = world.person(friend, 1).awaitLive()) {
      Stub.Stream stream = new Stub.Stream(edge, token).send(Stub.open());
      stream.await(KindCase.HELLO);
      watcher.awaitEvent(user, dev.presence.client.PresenceState.ONLINE, Person.SOON);
      stream.signOut();
      stream.await(KindCase.CLOSED);
      watcher.awaitEvent(user, dev.presence.client.PresenceState.OFFLINE, Person.SOON);
    }
  }

  /** Envoy keeps what a client says, for a retry, but only little of it. */
  @Test
  void shouldCarryAStreamWhoseClientSaysMoreThanIsKeptForARetry() {
    Stub.Stream stream = new Stub.Stream(edge, token).send(Stub.open());
    stream.await(KindCase.HELLO);
    for (int sequence = 1; sequence <= MANY_HEARTBEATS; sequence++) {
      stream.send(
          ClientMessage.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
              .build());
      assertThat(stream.await(KindCase.HEARTBEAT_ACK).getHeartbeatAck().getSequence())
          .isEqualTo(sequence);
    }
    stream.signOut();
    stream.await(KindCase.CLOSED);
  }

  @Test
  void shouldCarryABrowsersSessionWhoseCallsMayNameAnyServerOrNone() {
    Iterator<ServerMessage> stream =
        PresenceServiceGrpc.newBlockingStub(Stub.with(edge, token))
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .subscribe(SubscribeRequest.newBuilder().setOpen(Stub.open().getOpen()).build());
    Hello hello = stream.next().getHello();
    List<String> routes = world.fleet().servers().stream().map(EdgeTest::route).toList();
    assertThat(routes).contains(hello.getRoute());
    List<String> named = new ArrayList<>(routes);
    named.addAll(List.of("", "noise", "MTAuMC4wLjE6ODA="));
    for (String route : named) {
      HeartbeatRequest beat =
          HeartbeatRequest.newBuilder()
              .setSessionId(hello.getSessionId())
              .setAttempt(1)
              .setSequence(7)
              .build();
      assertThat(routed(route).heartbeat(beat).getSequence()).as(route).isEqualTo(7);
    }
    var _ =
        routed(hello.getRoute())
            .disconnect(
                DisconnectRequest.newBuilder()
                    .setSessionId(hello.getSessionId())
                    .setAttempt(1)
                    .setDeparture(Departure.DEPARTURE_SIGN_OUT)
                    .build());
    KindCase last = KindCase.HELLO;
    while (stream.hasNext()) {
      last = stream.next().getKindCase();
    }
    assertThat(last).isEqualTo(KindCase.CLOSED);
  }

  private static String route(ServerProcess server) {
    return Base64.getEncoder().encodeToString(server.address().getBytes(UTF_8));
  }

  private PresenceServiceBlockingStub routed(String route) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-presence-route", Metadata.ASCII_STRING_MARSHALLER), route);
    return PresenceServiceGrpc.newBlockingStub(Stub.with(edge, token))
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private void checkToken(@Nullable String bad, String reason) {
    Throwable error = catchThrowable(() -> Stub.ask(edge, bad, user));
    assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(Stub.reason(error)).isEqualTo(reason);
    Throwable ended = new Stub.Stream(edge, bad).awaitError();
    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(Stub.reason(ended)).isEqualTo(reason);
    checkError(rest.presence(bad, user), 401, Code.UNAUTHENTICATED, reason);
  }

  @Test
  void shouldRefuseTokensWithTheServersReasons() {
    checkToken(null, "TOKEN_MISSING");
    checkToken("noise", "TOKEN_INVALID");
    checkToken(tokens.sign(user, "presence", "", Duration.ofMinutes(-5)), "TOKEN_EXPIRED");
    checkToken(tokens.sign(user, "else", "", Duration.ofHours(1)), "TOKEN_WRONG_AUDIENCE");
    checkError(
        rest.send(rest.to("/v1/users/" + user + "/presence?access_token=" + token, null)),
        400,
        Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
  }

  @Test
  void shouldSayOfRestCallsWhatIsWrongInOneForm() {
    checkError(rest.send(rest.to("/nowhere", token)), 404, Code.NOT_FOUND, "UNKNOWN_PATH");
    checkError(rest.send(rest.to("/v1/nowhere", token)), 404, Code.NOT_FOUND, "UNKNOWN_PATH");
    checkError(rest.presence(token, "no%20id"), 400, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    checkError(rest.presence(token, "a%2Fb"), 400, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    checkError(
        rest.presence(tokens.service("test", "presence.read.any"), "nobody"),
        404,
        Code.NOT_FOUND,
        "USER_NOT_FOUND");
    checkError(batch("{}"), 400, Code.INVALID_ARGUMENT, "BATCH_EMPTY");
    checkError(batch("{\"userIds\":["), 400, Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    // What looks like a reason within a text is not taken for one.
    checkError(
        rest.presence(token, "%22reason%22:%22EVIL%22"),
        400,
        Code.INVALID_ARGUMENT,
        "INVALID_FIELD");
  }

  private HttpResponse<String> batch(String body) {
    return rest.send(
        rest.to("/v1/presence:batchGet", token)
            .header("content-type", JSON)
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void shouldTakeABodyOfSixtyFourKibibytesAndNoByteMore() {
    String body = "{\"userIds\":[\"" + user + "\"]}";
    String padding = " ".repeat(LARGEST_BODY - body.length());
    assertThat(batch(body + padding).statusCode()).isEqualTo(200);
    checkError(batch(body + padding + " "), 413, Code.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE");
  }

  @Test
  void shouldKnowNoOtherGrpcService() {
    MethodDescriptor<GetPresenceRequest, GetPresenceResponse> other =
        PresenceServiceGrpc.getGetPresenceMethod().toBuilder()
            .setFullMethodName("presence.v1.OtherService/Get")
            .build();
    Throwable error =
        catchThrowable(
            () ->
                ClientCalls.blockingUnaryCall(
                    edge, other, CallOptions.DEFAULT, GetPresenceRequest.getDefaultInstance()));
    assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void shouldAnswerNoPreflightOfAStranger() {
    assertThat(preflight("http://localhost:3000")).contains("http://localhost:3000");
    assertThat(preflight("https://evil.example")).isEmpty();
    assertThat(preflight("http://localhost.evil.example")).isEmpty();
  }

  private Optional<String> preflight(String origin) {
    HttpResponse<String> answer =
        rest.send(
            rest.to("/v1/contacts", null)
                .header("origin", origin)
                .header("access-control-request-method", "GET")
                .header("access-control-request-headers", "authorization,x-presence-route")
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("access-control-allow-origin");
  }
}
