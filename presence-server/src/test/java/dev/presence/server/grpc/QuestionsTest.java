package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.presence.server.presence.Directory;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.Contact;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.ListUsersRequest;
import dev.presence.v1.ListUsersResponse;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceBlockingStub;
import dev.presence.v1.PresenceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unary calls, behind the real interceptors, on the real core. */
class QuestionsTest {

  private static final long SEEN_MILLIS = 1_700_000_000_123L;

  private static TestServer server;
  private static int tests;
  private String alice;
  private String bob;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.inProcess().serve();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void befriend() {
    tests++;
    alice = "alice" + tests;
    bob = "bob" + tests;
    server.rosters.user(bob, "Bob", SEEN_MILLIS);
    server.rosters.friends(alice, bob);
  }

  private static GetPresenceRequest about(String user) {
    return GetPresenceRequest.newBuilder().setUserId(user).build();
  }

  private static BatchGetPresenceRequest about(List<String> users) {
    return BatchGetPresenceRequest.newBuilder().addAllUserIds(users).build();
  }

  private Presence seenByAlice(String user) {
    return server.callsOf(alice).getPresence(about(user)).getPresence();
  }

  @Test
  void shouldTellFriendsWhenOneWasLastSeen() {
    Presence presence = seenByAlice(bob);
    assertThat(presence.getState()).isEqualTo(PresenceState.PRESENCE_STATE_OFFLINE);
    assertThat(PresenceMessages.unixMillis(presence.getLastSeen())).isEqualTo(SEEN_MILLIS);
    assertThat(presence.getStale()).isFalse();
    assertThat(presence.hasAsOf()).isFalse();
  }

  @Test
  void shouldTellFriendsWhoIsOnlineWithoutLastSeen() {
    server.stream(bob).open().awaitSnapshot();
    Presence presence = seenByAlice(bob);
    assertThat(presence.getState()).isEqualTo(PresenceState.PRESENCE_STATE_ONLINE);
    assertThat(presence.hasLastSeen()).isFalse();
  }

  @Test
  void shouldAnswerForAStrangerAsForNobody() {
    String stranger = "stranger" + tests;
    server.rosters.user(stranger, "Stranger", SEEN_MILLIS);
    server.stream(stranger).open().hello();
    Presence known = seenByAlice(stranger);
    Presence unknown = seenByAlice("nobody");
    assertThat(known.toBuilder().setUserId("nobody").build()).isEqualTo(unknown);
    assertThat(unknown.getState()).isEqualTo(PresenceState.PRESENCE_STATE_OFFLINE);
    assertThat(unknown.hasLastSeen()).isFalse();
  }

  @Test
  void shouldTellAServiceThatThereIsNoSuchUser() {
    PresenceServiceBlockingStub service = server.callsOfService();
    assertThat(service.getPresence(about(bob)).getPresence().getUserId()).isEqualTo(bob);
    Errors.refused(ErrorReason.USER_NOT_FOUND, () -> service.getPresence(about("nobody")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a/b"})
  void shouldRefuseAnIdThatIsNone(String id) {
    ErrorInfo info = Errors.refused(ErrorReason.INVALID_FIELD, () -> seenByAlice(id));
    assertThat(info.getMetadataMap()).containsEntry("field", "user_id").containsEntry("value", id);
  }

  @Test
  void shouldKeepTheOrderOfABatchAndItsRepeats() {
    BatchGetPresenceResponse answer =
        server.callsOfService().batchGetPresence(about(List.of(bob, "nobody", alice, bob)));
    assertThat(answer.getResultsList())
        .extracting(result -> result.getUserId() + " " + result.getOutcomeCase())
        .containsExactly(
            bob + " PRESENCE", "nobody NOT_FOUND", alice + " PRESENCE", bob + " PRESENCE");
  }

  @Test
  void shouldTakeTheLargestBatchOfTheLongestIds() {
    List<String> users =
        IntStream.range(0, 1_000).mapToObj(i -> "u".repeat(60) + (1_000 + i)).toList();
    assertThat(server.callsOf(alice).batchGetPresence(about(users)).getResultsList())
        .extracting(result -> result.getPresence().getUserId())
        .isEqualTo(users);
  }

  @Test
  void shouldRefuseABatchOfNobodyOrOfTooMany() {
    PresenceServiceBlockingStub calls = server.callsOf(alice);
    Errors.refused(ErrorReason.BATCH_EMPTY, () -> calls.batchGetPresence(about(List.of())));
    List<String> users = IntStream.range(0, 1_001).mapToObj(i -> "u" + i).toList();
    Errors.refused(ErrorReason.BATCH_TOO_LARGE, () -> calls.batchGetPresence(about(users)));
    ErrorInfo info =
        Errors.refused(
            ErrorReason.INVALID_FIELD, () -> calls.batchGetPresence(about(List.of(bob, "?"))));
    assertThat(info.getMetadataMap()).containsEntry("field", "user_ids[1]");
  }

  private List<String> pages(int size) {
    List<String> names = new ArrayList<>();
    String token = "";
    int calls = 0;
    do {
      ListContactsResponse page =
          server
              .callsOf(alice)
              .listContacts(
                  ListContactsRequest.newBuilder().setPageSize(size).setPageToken(token).build());
      assertThat(page.getContactsCount()).isBetween(1, size);
      page.getContactsList().stream().map(Contact::getName).forEach(names::add);
      token = page.getNextPageToken();
      calls++;
    } while (!token.isEmpty());
    assertThat(calls).isEqualTo((names.size() + size - 1) / size);
    return names;
  }

  @Test
  void shouldListContactsPageByPage() {
    String[][] people = {
      {"y", "Yves"}, {"z", "Zoë"}, {"x", "Xaver"}, {"w", "Wanda"}, {"v", "Wanda"}
    };
    for (int i = 0; i < people.length; i++) {
      server.rosters.user(people[i][0] + tests, people[i][1], i < 2 ? SEEN_MILLIS + i : 0);
      server.rosters.friends(alice, people[i][0] + tests);
    }
    server.stream("x" + tests).open().awaitSnapshot();
    List<String> expected = List.of("Xaver", "Zoë", "Bob", "Yves", "Wanda", "Wanda");
    for (int size : new int[] {1, 2, 3, 5, 6, 100}) {
      assertThat(pages(size)).as("pages of %d", size).isEqualTo(expected);
    }
  }

  @Test
  void shouldGoOnBehindTheLastEntryWhoeverComesAndGoes() {
    for (String name : List.of("Carol", "Dave", "Eve")) {
      server.rosters.user(name + tests, name, 0);
      server.rosters.friends(alice, name + tests);
    }
    ListContactsResponse first =
        server.callsOf(alice).listContacts(ListContactsRequest.newBuilder().setPageSize(2).build());
    assertThat(first.getContactsList())
        .extracting(Contact::getName)
        .containsExactly("Bob", "Carol");
    server.stream("Carol" + tests).open().awaitSnapshot();
    ListContactsResponse second =
        server
            .callsOf(alice)
            .listContacts(
                ListContactsRequest.newBuilder().setPageToken(first.getNextPageToken()).build());
    assertThat(second.getContactsList())
        .extracting(Contact::getName)
        .containsExactly("Dave", "Eve");
    assertThat(second.getNextPageToken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "%%%", "AAAA", "CgA"})
  void shouldRefuseATokenThatItDidNotMake(String token) {
    ListContactsRequest request = ListContactsRequest.newBuilder().setPageToken(token).build();
    ErrorInfo info =
        Errors.refused(
            ErrorReason.INVALID_FIELD, () -> server.callsOf(alice).listContacts(request));
    assertThat(info.getMetadataMap()).containsEntry("field", "page_token");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1_001})
  void shouldRefuseAPageSizeOutOfItsRange(int size) {
    ListContactsRequest request = ListContactsRequest.newBuilder().setPageSize(size).build();
    Errors.refused(ErrorReason.INVALID_FIELD, () -> server.callsOf(alice).listContacts(request));
  }

  @Test
  void shouldShowAnothersContactsToServicesOnly() {
    ListContactsRequest bobs = ListContactsRequest.newBuilder().setUserId(bob).build();
    Errors.refused(ErrorReason.SCOPE_MISSING, () -> server.callsOf(alice).listContacts(bobs));
    assertThat(server.callsOf(bob).listContacts(bobs).getContactsList()).hasSize(1);
    assertThat(server.callsOfService().listContacts(bobs).getContactsList()).hasSize(1);
  }

  @Test
  void shouldSayThatARosterCannotBeHad() {
    server.rosters.hide("hidden" + tests);
    Errors.refused(
        ErrorReason.ROSTER_UNAVAILABLE,
        () ->
            server
                .callsOf("hidden" + tests)
                .listContacts(ListContactsRequest.getDefaultInstance()));
  }

  @Test
  void shouldAnswerWhileItDrainsButNotBeforeItServes() throws IOException {
    try (TestServer starting = TestServer.inProcess()) {
      starting.rosters.friends("alice", "bob");
      Errors.refused(
          ErrorReason.NOT_SERVING, () -> starting.callsOf("alice").getPresence(about("bob")));
      starting.serve();
      starting.server.drain();
      assertThat(starting.callsOf("alice").getPresence(about("bob")).hasPresence()).isTrue();
    }
  }

  @Test
  void shouldListEverybodyFriendsFirstAndShowNothingOfOthers() throws IOException {
    try (TestServer own = TestServer.inProcess().serve()) {
      own.rosters.user("zoe", "Zoe", SEEN_MILLIS);
      own.rosters.user("me", "Mia", 0);
      own.rosters.user("carl", "Carl", SEEN_MILLIS);
      own.rosters.user("ann", "Ann", SEEN_MILLIS);
      own.rosters.user("ben", "Ben", SEEN_MILLIS + 1);
      own.rosters.friends("me", "zoe");
      own.rosters.friends("me", "ben");
      own.rosters.friends("me", "carl");
      own.stream("carl").open().hello();
      own.stream("ann").open().hello();
      for (int size : new int[] {1, 2, 3, 4, 5, 100}) {
        List<Contact> users = directory(own.callsOf("me"), size);
        assertThat(users)
            .as("pages of %d", size)
            .extracting(Contact::getName)
            .containsExactly("Carl", "Ben", "Zoe", "Ann", "Mia");
        assertThat(users.get(0).getPresence().getState())
            .isEqualTo(PresenceState.PRESENCE_STATE_ONLINE);
        assertThat(users.get(1).getPresence().hasLastSeen()).isTrue();
        Presence stranger = users.get(3).getPresence();
        assertThat(stranger.getState()).isEqualTo(PresenceState.PRESENCE_STATE_OFFLINE);
        assertThat(stranger.hasLastSeen()).isFalse();
      }
      assertThat(directory(own.callsOfService(), 2))
          .extracting(user -> user.getName() + " " + user.getPresence().getState().getNumber())
          .containsExactly("Ann 3", "Ben 2", "Carl 3", "Mia 2", "Zoe 2");
    }
  }

  @Test
  void shouldPassOverManyContactsWithFewQuestions() throws IOException {
    try (TestServer own = TestServer.inProcess().serve()) {
      for (int i = 0; i < 300; i++) {
        own.rosters.friends("me", "friend" + i);
      }
      own.rosters.user("zoe", "zoe", 0);
      ListUsersResponse page =
          own.callsOf("me")
              .listUsers(
                  ListUsersRequest.newBuilder()
                      .setPageSize(1)
                      .setPageToken(PageToken.of(new Directory.Place.User("a", "a")))
                      .build());
      assertThat(page.getUsersList()).extracting(Contact::getName).containsExactly("me");
      assertThat(own.rosters.timesListed()).isLessThan(12);
    }
  }

  @Test
  void shouldRefuseAPlaceThatNoDatabaseHolds() {
    String token = PageToken.of(new Directory.Place.User("a" + (char) 0, "a"));
    Errors.refused(
        ErrorReason.INVALID_FIELD,
        () ->
            server
                .callsOf("me")
                .listUsers(ListUsersRequest.newBuilder().setPageToken(token).build()));
  }

  private static List<Contact> directory(PresenceServiceBlockingStub calls, int size) {
    List<Contact> users = new ArrayList<>();
    String token = "";
    do {
      ListUsersResponse page =
          calls.listUsers(
              ListUsersRequest.newBuilder().setPageSize(size).setPageToken(token).build());
      assertThat(page.getUsersCount()).isBetween(1, size);
      users.addAll(page.getUsersList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return users;
  }
}
