package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.presence.lab.behaviour.WayIn.Outcome;
import dev.presence.lab.behaviour.WayIn.Question;
import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.ListUsersRequest;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Through Envoy gRPC, gRPC-Web and REST say the same, right or wrong. */
@Tag("E1")
@ExtendWith(World.Shared.class)
@SuppressWarnings("NullAway.Init") // set before each test
class E1SameAnswersTest {

  private static final int LARGEST = 64 * 1024;

  @TempDir private Path directory;
  private final World world;
  private final Tokens tokens;
  private ManagedChannel edge;
  private Map<String, WayIn> ways;
  private String alice;
  private String token;

  E1SameAnswersTest(World world) {
    this.world = world;
    tokens = world.fleet().tokens();
  }

  @BeforeEach
  void enter() {
    edge = world.fleet().edgeChannel();
    String address = world.fleet().edge().address();
    ways = new LinkedHashMap<>();
    ways.put("gRPC", WayIn.grpc(edge));
    ways.put("gRPC-Web", WayIn.grpcWeb(address));
    ways.put("REST", WayIn.rest(address));
    alice = world.friendOf();
    token = tokens.user(alice);
  }

  @AfterEach
  void leave() {
    edge.shutdownNow();
  }

  private static Question about(String user) {
    return new Question(
        PresenceServiceGrpc.getGetPresenceMethod(),
        GetPresenceRequest.newBuilder().setUserId(user).build(),
        "/v1/users/" + user + "/presence",
        null);
  }

  private static Question about(List<String> users) {
    return new Question(
        PresenceServiceGrpc.getBatchGetPresenceMethod(),
        BatchGetPresenceRequest.newBuilder().addAllUserIds(users).build(),
        "/v1/presence:batchGet",
        "{\"userIds\": [\"" + String.join("\", \"", users) + "\"]}");
  }

  private static Question contacts(int size, String page) {
    return new Question(
        PresenceServiceGrpc.getListContactsMethod(),
        ListContactsRequest.newBuilder().setPageSize(size).setPageToken(page).build(),
        "/v1/contacts?page_size=" + size + "&page_token=" + page,
        null);
  }

  private static Question users(int size) {
    return new Question(
        PresenceServiceGrpc.getListUsersMethod(),
        ListUsersRequest.newBuilder().setPageSize(size).build(),
        "/v1/users?pageSize=" + size,
        null);
  }

  /** The one answer that all ways give. */
  private Message same(Question question, @Nullable String bearer) {
    Message first = null;
    for (Map.Entry<String, WayIn> way : ways.entrySet()) {
      Outcome outcome = way.getValue().ask(question, bearer);
      assertThat(outcome.code()).as(way.getKey() + " " + outcome.reason()).isEqualTo(Code.OK);
      if (first == null) {
        first = outcome.message();
      }
      assertThat(outcome.message()).as(way.getKey()).isEqualTo(first);
    }
    assertThat(first).isNotNull();
    return first;
  }

  private void refused(Question question, @Nullable String bearer, Code code, String reason) {
    ways.forEach(
        (name, way) -> {
          Outcome outcome = way.ask(question, bearer);
          assertThat(outcome.reason()).as(name).isEqualTo(reason);
          assertThat(outcome.code()).as(name).isEqualTo(code);
        });
  }

  private static Presence presence(Message answer) {
    return ((GetPresenceResponse) answer).getPresence();
  }

  @Test
  void shouldAnswerTheSame() {
    String online = world.friendOf(alice);
    String seen = world.friendOf(alice);
    String never = world.friendOf(alice);
    String stranger = world.friendOf();
    try (Person person = world.person(online, 0).awaitLive();
        Person other = world.person(seen, 1).awaitLive();
        Person hidden = world.person(stranger, 1).awaitLive()) {
      other.signOut();
      // Both servers answer: they must know the same.
      Awaitility.await()
          .atMost(Person.SOON)
          .ignoreExceptions()
          .until(() -> world.lastSeen(seen).isPresent() && !person.info().sessionId().isEmpty());
      assertThat(presence(same(about(online), token)).getState())
          .isEqualTo(PresenceState.PRESENCE_STATE_ONLINE);
      assertThat(presence(same(about(seen), token)).hasLastSeen()).isTrue();
      assertThat(presence(same(about(never), token)).hasLastSeen()).isFalse();
      assertThat(presence(same(about(stranger), token)))
          .isEqualTo(
              Presence.newBuilder()
                  .setUserId(stranger)
                  .setState(PresenceState.PRESENCE_STATE_OFFLINE)
                  .build());
      same(about(List.of(online, "nobody", seen, online)), token);
      same(about(List.of(stranger, "nobody")), tokens.service("test", "presence.read.any"));
      ListContactsResponse page = (ListContactsResponse) same(contacts(2, ""), token);
      assertThat(page.getContactsList()).hasSize(2);
      same(contacts(2, page.getNextPageToken()), token);
      same(users(3), token);
      assertThat(hidden.info().resumed()).isFalse();
    }
  }

  @Test
  void shouldRefuseTheSame() {
    Question question = about(alice);
    refused(question, null, Code.UNAUTHENTICATED, "TOKEN_MISSING");
    refused(
        question,
        tokens.sign(alice, "presence", "", Duration.ofMinutes(-5)),
        Code.UNAUTHENTICATED,
        "TOKEN_EXPIRED");
    refused(
        question,
        tokens.sign(alice, "else", "", Duration.ofHours(1)),
        Code.UNAUTHENTICATED,
        "TOKEN_WRONG_AUDIENCE");
    refused(question, unsigned(), Code.UNAUTHENTICATED, "TOKEN_INVALID");
    refused(
        question,
        new Tokens(DevelopmentKeys.in(directory)).user(alice),
        Code.UNAUTHENTICATED,
        "TOKEN_INVALID");
    refused(about("no$id"), token, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    refused(contacts(-1, ""), token, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    refused(
        about("nobody"),
        tokens.service("test", "presence.read.any"),
        Code.NOT_FOUND,
        "USER_NOT_FOUND");
    List<String> tooMany = Collections.nCopies(1_001, "bob");
    refused(about(tooMany), token, Code.INVALID_ARGUMENT, "BATCH_TOO_LARGE");
  }

  private String unsigned() {
    return new PlainJWT(
            new JWTClaimsSet.Builder()
                .subject(alice)
                .audience("presence")
                .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                .build())
        .serialize();
  }

  @Test
  void shouldIgnoreFieldsThatItDoesNotKnow() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .build())
            .build();
    Message known = about(List.of(alice)).message();
    Question question =
        new Question(
            PresenceServiceGrpc.getBatchGetPresenceMethod(),
            known.toBuilder().setUnknownFields(later).build(),
            "/v1/presence:batchGet",
            "{\"userIds\": [\"" + alice + "\"], \"fromALaterRelease\": {\"deep\": [1, 2]}}");
    assertThat(same(question, token)).isEqualTo(same(about(List.of(alice)), token));
  }

  @Test
  void shouldRefuseABodyOfMoreThan64KiB() {
    for (boolean more : new boolean[] {false, true}) {
      int size = LARGEST + (more ? 1 : 0);
      Question question = ofSize(size);
      assertThat(question.message().getSerializedSize()).isEqualTo(size);
      assertThat(String.valueOf(question.body()).length()).isEqualTo(size);
      ways.forEach(
          (name, way) ->
              assertThat(way.ask(question, token).code())
                  .as(name + " of " + size + " bytes")
                  .isEqualTo(more ? Code.RESOURCE_EXHAUSTED : Code.OK));
    }
  }

  /** Padded with a field that nobody knows, or with blanks. */
  private Question ofSize(int size) {
    Question small = about(List.of(alice));
    int head = 2 + 3; // tag of field 999, length
    UnknownFieldSet padding =
        UnknownFieldSet.newBuilder()
            .addField(
                999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(
                        ByteString.copyFrom(
                            new byte[size - head - small.message().getSerializedSize()]))
                    .build())
            .build();
    String body = String.valueOf(small.body());
    return new Question(
        small.method(),
        small.message().toBuilder().setUnknownFields(padding).build(),
        small.path(),
        body + " ".repeat(size - body.length()));
  }

  @Test
  void shouldAnswerForTheIdInTheMessageAndOnlyIfTheCallerMaySeeIt() {
    String friend = world.friendOf(alice);
    String eve = world.friendOf();
    try (Person first = world.person(friend, 0).awaitLive();
        Person second = world.person(eve, 0).awaitLive()) {
      // The transcoder lets the query win; whom one may see does not depend on the path.
      Presence answer = presence(rest("/v1/users/" + friend + "/presence?user_id=" + eve, token));
      assertThat(answer.getUserId()).isEqualTo(eve);
      assertThat(answer.getState()).isEqualTo(PresenceState.PRESENCE_STATE_OFFLINE);
      assertThat(answer.hasLastSeen()).isFalse();
      assertThat(
              presence(
                      rest(
                          "/v1/users/" + friend + "/presence?user_id=" + eve,
                          tokens.service("test", "presence.read.any")))
                  .getState())
          .isEqualTo(PresenceState.PRESENCE_STATE_ONLINE);
      for (String path :
          List.of(
              "/v1/users/x%2f..%2f" + friend + "/presence",
              "/v1/users/%2e%2e%2f" + friend + "/presence",
              "/v1/users/..%2f..%2fv1%2fusers%2f" + friend + "/presence",
              "/v1/users/" + friend + "%2fpresence/presence")) {
        assertThat(code(path)).as(path).isIn(Code.INVALID_ARGUMENT, Code.NOT_FOUND);
      }
      assertThat(presence(rest("/v1/users/x/../" + friend + "/presence", token)).getUserId())
          .as("a plain dot segment is the path without it")
          .isEqualTo(friend);
      assertThat(first.sees(eve)).isEqualTo(dev.presence.client.PresenceState.OFFLINE);
      assertThat(second.sees(friend)).isEqualTo(dev.presence.client.PresenceState.OFFLINE);
    }
  }

  private Outcome restOutcome(String path, String bearer) {
    return WayIn.rest(world.fleet().edge().address())
        .ask(
            new Question(
                PresenceServiceGrpc.getGetPresenceMethod(),
                GetPresenceRequest.getDefaultInstance(),
                path,
                null),
            bearer);
  }

  private Message rest(String path, String bearer) {
    Outcome outcome = restOutcome(path, bearer);
    assertThat(outcome.code()).as(path).isEqualTo(Code.OK);
    return outcome.message();
  }

  private Code code(String path) {
    return restOutcome(path, token).code();
  }
}
