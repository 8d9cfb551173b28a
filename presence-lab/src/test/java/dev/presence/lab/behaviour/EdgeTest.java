package dev.presence.lab.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.presence.lab.edge.Endpoints;
import dev.presence.lab.fleet.ServerProcess;
import dev.presence.lab.identity.Tokens;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Departure;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.Hello;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingStub;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Through Envoy everything is as it is without, on each of the ways in. */
@Tag("edge")
@ExtendWith(World.Rough.class)
@ResourceLock(World.Rough.LOCK)
@SuppressWarnings("NullAway.Init") // set before each test
class EdgeTest {

  private static final int LARGEST_BODY = 64 * 1024;
  private static final int LIVE_STREAMS = 6;
  private static final int CALLS_AT_ONCE = 1_600;

  /** A server ends a connection with more than these, in 30 s. */
  private static final int MAX_RESETS = 200;

  private static final String JSON = "application/json";

  private final World world;
  private final Tokens tokens;
  private final HttpClient http = HttpClient.newHttpClient();
  private ManagedChannel edge;
  private String user;
  private String token;

  EdgeTest(World world) {
    this.world = world;
    tokens = world.fleet().tokens();
  }

  @BeforeEach
  void enter() {
    edge = world.fleet().edgeChannel();
    user = world.friendOf();
    token = tokens.user(user);
  }

  @AfterEach
  void leave() {
    edge.shutdownNow();
    http.close();
  }

  private static Presence ask(Channel channel, @Nullable String token, String who) {
    PresenceServiceBlockingStub stub =
        PresenceServiceGrpc.newBlockingStub(Stub.with(channel, token));
    GetPresenceResponse answer =
        stub.getPresence(GetPresenceRequest.newBuilder().setUserId(who).build());
    return answer.getPresence();
  }

  private HttpRequest.Builder to(String path, @Nullable String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + world.fleet().edge().address() + path));
    return bearer == null ? request : request.header("authorization", "Bearer " + bearer);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> ofRest(@Nullable String bearer, String who) {
    return send(to("/v1/users/" + who + "/presence", bearer));
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
    Throwable error = catchThrowable(() -> ask(edge, bad, user));
    assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(Stub.reason(error)).isEqualTo(reason);
    Throwable ended = new Stub.Stream(edge, bad).awaitError();
    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(Stub.reason(ended)).isEqualTo(reason);
    checkError(ofRest(bad, user), 401, Code.UNAUTHENTICATED, reason);
  }

  @Test
  void shouldRefuseTokensWithTheServersReasons() {
    checkToken(null, "TOKEN_MISSING");
    checkToken("noise", "TOKEN_INVALID");
    checkToken(tokens.sign(user, "presence", "", Duration.ofMinutes(-5)), "TOKEN_EXPIRED");
    checkToken(tokens.sign(user, "else", "", Duration.ofHours(1)), "TOKEN_WRONG_AUDIENCE");
    checkError(
        send(to("/v1/users/" + user + "/presence?access_token=" + token, null)),
        400,
        Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
  }

  @Test
  void shouldSayOfRestCallsWhatIsWrongInOneForm() {
    checkError(send(to("/nowhere", token)), 404, Code.NOT_FOUND, "UNKNOWN_PATH");
    checkError(send(to("/v1/nowhere", token)), 404, Code.NOT_FOUND, "UNKNOWN_PATH");
    checkError(ofRest(token, "no%20id"), 400, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    checkError(ofRest(token, "a%2Fb"), 400, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    checkError(
        ofRest(tokens.service("test", "presence.read.any"), "nobody"),
        404,
        Code.NOT_FOUND,
        "USER_NOT_FOUND");
    checkError(batch("{}"), 400, Code.INVALID_ARGUMENT, "BATCH_EMPTY");
    checkError(batch("{\"userIds\":["), 400, Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    // What looks like a reason within a text is not taken for one.
    checkError(
        ofRest(token, "%22reason%22:%22EVIL%22"), 400, Code.INVALID_ARGUMENT, "INVALID_FIELD");
  }

  private HttpResponse<String> batch(String body) {
    return send(
        to("/v1/presence:batchGet", token)
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
        send(
            to("/v1/contacts", null)
                .header("origin", origin)
                .header("access-control-request-method", "GET")
                .header("access-control-request-headers", "authorization,x-presence-route")
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("access-control-allow-origin");
  }

  @Test
  void shouldAnswerEveryQuestionWhileAServerHangs() {
    world.fleet().server(1).signal("STOP");
    try {
      Moment hung = Moment.now();
      do {
        assertThat(ofRest(token, user).statusCode()).isEqualTo(200);
      } while (hung.ago().compareTo(Duration.ofSeconds(3)) < 0);
      Moment out = Moment.now();
      for (int i = 0; i < 20; i++) {
        assertThat(ofRest(token, user).statusCode()).isEqualTo(200);
      }
      // Each call that still went there would take 1.5 s.
      assertThat(out.ago()).as("nobody waits for it any more").isLessThan(Duration.ofSeconds(5));
    } finally {
      wake();
    }
  }

  @Test
  @Tag("long")
  void shouldKeepLiveStreamsWhileHundredsOfCallsTimeOut() {
    List<Stub.Stream> streams = new ArrayList<>();
    for (int i = 0; i < LIVE_STREAMS; i++) {
      Stub.Stream stream = new Stub.Stream(edge, tokens.user(world.friendOf()));
      stream.send(Stub.open()).await(KindCase.HELLO);
      streams.add(stream);
    }
    world.fleet().server(1).signal("STOP");
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    try {
      HttpRequest question =
          to("/v1/users/" + user + "/presence", token).version(Version.HTTP_1_1).build();
      for (int i = 0; i < CALLS_AT_ONCE; i++) {
        calls.add(http.sendAsync(question, BodyHandlers.ofString()));
      }
      assertThat(calls).allMatch(call -> call.join().statusCode() == 200);
    } finally {
      wake();
    }
    String resets =
        world.fleet().edge().process().ask("/stats?filter=presence-calls.http2.tx_reset");
    assertThat(Integer.parseInt(resets.strip().replaceAll(".*: ", "")))
        .as("how many calls were given up")
        .isGreaterThan(MAX_RESETS);
    for (Stub.Stream stream : streams) {
      stream.send(
          ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(1)).build());
      stream.await(KindCase.HEARTBEAT_ACK);
      stream.signOut();
    }
  }

  @Test
  void shouldTakeServersInAndOutWhileItRuns() {
    Endpoints endpoints = world.fleet().edge().endpoints();
    String first = world.fleet().server(0).address();
    String second = world.fleet().server(1).address();
    try {
      endpoints.write(List.of(first));
      Awaitility.await().until(() -> !clusters().contains(second));
      assertThat(ofRest(token, user).statusCode()).isEqualTo(200);
    } finally {
      endpoints.write(List.of(first, second));
    }
    Awaitility.await().until(() -> clusters().contains(second + "::health_flags::healthy"));
  }

  private String clusters() {
    return world.fleet().edge().process().ask("/clusters");
  }

  /** Lets the second server go on, and waits until nothing shows that it stood still. */
  private void wake() {
    world.fleet().server(1).signal("CONT");
    for (int server = 0; server < 2; server++) {
      ManagedChannel channel = world.channel(server);
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> !ask(channel, token, world.friendOf(user)).getStale());
    }
    String second = world.fleet().server(1).address();
    Awaitility.await().until(() -> clusters().contains(second + "::health_flags::healthy"));
  }
}
