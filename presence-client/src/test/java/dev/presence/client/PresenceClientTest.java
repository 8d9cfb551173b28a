package dev.presence.client;

import static dev.presence.client.Words.changes;
import static dev.presence.client.Words.offline;
import static dev.presence.client.Words.online;
import static dev.presence.client.Words.stale;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.ScriptedPresence.Connection;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client over real connections to a server that does as the test says. */
class PresenceClientTest {
  private final ScriptedPresence presence = new ScriptedPresence();
  private final List<Server> servers = new ArrayList<>();
  private final Told told = new Told();
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    channel = channelTo(start(presence, 0));
  }

  private Server start(ScriptedPresence scripted, int port) throws IOException {
    Server server = scripted.start(port);
    servers.add(server);
    return server;
  }

  private static ManagedChannel channelTo(Server... some) {
    List<String> addresses = new ArrayList<>();
    for (Server server : some) {
      addresses.add("127.0.0.1:" + server.getPort());
    }
    return PresenceChannels.forServers(addresses, true);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    servers.forEach(Server::shutdownNow);
  }

  private PresenceClient client() {
    return PresenceClient.builder(channel).tokens(() -> "good").device("test").build();
  }

  private void awaitLive(PresenceSession session) {
    await().until(() -> session.state().phase() == Phase.LIVE);
  }

  @Test
  void shouldSeeFriendsComeAndGo() {
    presence.contact("bob", "Bob", online("bob"));
    presence.contact("dave", "Dave", offline("dave", 100));

    PresenceSession session = client().connect(told);
    await().until(() -> told.events.size() == 4);
    presence.last().say(changes(offline("bob", 200)));
    await().until(() -> told.events.size() == 5);

    assertThat(told.news())
        .containsExactly(
            "CONNECTING", "LIVE", "snapshot bob ONLINE", "dave OFFLINE 100", "bob OFFLINE 200");
    assertThat(session.sessionId()).contains("s1");
    assertThat(presence.last().token).isEqualTo("good");
    assertThat(presence.last().open().getDevice()).isEqualTo("test");
  }

  @Test
  void shouldComeBackWithinTwoSecondsAfterItsServerRestarted() throws IOException {
    PresenceSession session = client().connect(told);
    awaitLive(session);
    int port = servers.get(0).getPort();

    servers.get(0).shutdownNow();
    await().until(() -> session.state().phase() == Phase.CONNECTING);
    await().pollDelay(Duration.ofSeconds(4)).until(() -> true); // the channel's own pauses grow
    Server again = start(presence, port);

    await().atMost(Duration.ofSeconds(4)).until(() -> session.state().phase() == Phase.LIVE);
    assertThat(again.getPort()).isEqualTo(port);
    assertThat(presence.last().open().getSessionId()).isEqualTo("s1");
    assertThat(presence.last().open().getAttempt()).isGreaterThan(1);
    await().until(() -> told.hellos.size() == 2);
    assertThat(told.hellos).containsExactly("s1 new", "s1 resumed");
  }

  @Test
  void shouldResumeWhenOnlyItsStreamIsCut() {
    presence.contact("bob", "Bob", online("bob"));
    PresenceSession session = client().connect(told);
    await().until(() -> told.events.contains("snapshot bob ONLINE"));

    presence.last().fail(Status.Code.INTERNAL, "");

    await().until(() -> presence.connections.size() == 2);
    awaitLive(session);
    assertThat(presence.last().open().getAttempt()).isEqualTo(2);
    await().until(() -> told.events.size() >= 5);
    assertThat(told.news())
        .containsExactly("CONNECTING", "LIVE", "snapshot bob ONLINE", "CONNECTING", "LIVE");
  }

  @Test
  void shouldMoveOnFromAServerThatDoesNotAnswer() throws IOException {
    ScriptedPresence silent = new ScriptedPresence();
    silent.onOpen = connection -> {};
    ScriptedPresence second = new ScriptedPresence();
    Server first = start(silent, 0);
    Server other = start(second, 0);
    channel.shutdownNow();
    channel = channelTo(first, other);
    silent.contact("bob", "Bob", online("bob"));
    second.contact("bob", "Bob", online("bob"));
    PresenceClient client = client();
    await() // until both are connected, since a channel takes what it has
        .until(
            () ->
                client.getPresence("bob").join() != null
                    && !silent.unaryTokens.isEmpty()
                    && !second.unaryTokens.isEmpty());
    List<PresenceSession> sessions = new ArrayList<>();

    for (int n = 0; n < 20; n++) {
      sessions.add(client.connect(told));
    }

    // Half of them meet the silent server first, and none of them twice.
    await()
        .atMost(Duration.ofSeconds(6))
        .until(() -> sessions.stream().allMatch(session -> session.state().isConnected()));
    assertThat(silent.connections).hasSizeBetween(5, 15);
    assertThat(second.connections).hasSize(20);
  }

  @Test
  void shouldAskForANewTokenWhenTheFirstIsRefused() {
    Deque<String> tokens = new ArrayDeque<>(List.of("old", "new"));
    presence.refused = "old";

    PresenceSession session =
        PresenceClient.builder(channel).tokens(tokens::remove).build().connect(told);

    awaitLive(session);
    assertThat(presence.last().token).isEqualTo("new");
  }

  @Test
  void shouldReportATokenThatIsRefusedForGood() {
    presence.refused = "bad";

    PresenceSession session =
        PresenceClient.builder(channel).tokens(() -> "bad").build().connect(told);

    await().until(() -> session.state().phase() == Phase.OFFLINE);
    assertThat(session.state().reason()).contains(OfflineReason.UNAUTHENTICATED);
    assertThat(session.state().detail()).contains("TOKEN_EXPIRED").contains("the script says so");
    await().until(() -> told.events.contains("OFFLINE(UNAUTHENTICATED)"));
  }

  @Test
  void shouldSurviveAMessageThatIsTooLarge() {
    PresenceSession session = client().connect(told);
    awaitLive(session);

    presence
        .last()
        .say(
            changes(
                dev.presence.v1.Presence.newBuilder()
                    .setUserIdBytes(ByteString.copyFrom("x".repeat(5_000_000), UTF_8))
                    .setState(PresenceState.PRESENCE_STATE_ONLINE)
                    .build()));

    await().until(() -> presence.connections.size() == 2);
    awaitLive(session);
  }

  @Test
  void shouldIgnoreWordsOfALaterRelease() {
    PresenceSession session = client().connect(told);
    awaitLive(session);

    presence.last().say(ServerMessage.getDefaultInstance());
    presence.last().say(stale(true));

    await().until(() -> session.state().phase() == Phase.STALE);
    assertThat(presence.connections).hasSize(1);
  }

  @Test
  void shouldKeepTheSessionAliveByHeartbeats() {
    PresenceSession session = client().connect(told);

    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () ->
                !presence.connections.isEmpty()
                    && presence.last().received.stream().filter(m -> m.hasHeartbeat()).count()
                        >= 2);
    assertThat(session.state().phase()).isEqualTo(Phase.LIVE);
    assertThat(presence.connections).hasSize(1);
  }

  @Test
  void shouldSignOut() {
    PresenceSession session = client().connect(told);
    awaitLive(session);
    Connection connection = presence.last();

    assertThat(session.signOut().join()).isTrue();

    assertThat(session.state()).hasToString("OFFLINE(SIGNED_OUT)");
    assertThat(connection.received).last().matches(message -> message.hasSignOut());
    assertThat(session.signOut().join()).isTrue(); // it stays so
  }

  @Test
  void shouldLeaveWithoutASignOut() {
    PresenceSession session = client().connect(told);
    awaitLive(session);

    session.close();

    await().until(() -> presence.last().over);
    assertThat(presence.last().received).noneMatch(message -> message.hasSignOut());
    await().until(() -> told.events.contains("OFFLINE(LEFT)"));
  }

  @Test
  void shouldEndWithItsChannel() {
    PresenceSession session = client().connect(told);
    awaitLive(session);

    channel.shutdownNow();

    await().until(() -> session.state().phase() == Phase.OFFLINE);
    assertThat(session.state().reason()).contains(OfflineReason.CHANNEL_SHUT_DOWN);
  }

  @Test
  void shouldSendAStatus() {
    PresenceSession session = client().connect(told);

    session.setStatus(Activity.AWAY, Availability.BUSY); // before it is live, most likely

    await()
        .until(
            () ->
                !presence.connections.isEmpty()
                    && presence.last().received.stream()
                        .anyMatch(
                            message ->
                                message.getUpdateStatus().getAvailability()
                                    == dev.presence.v1.Availability.AVAILABILITY_BUSY));
  }

  @Test
  void shouldWorkThroughInterceptors() {
    List<ClientCall<?, ?>> calls = new CopyOnWriteArrayList<>();
    ClientInterceptor watching =
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            ClientCall<Q, A> call =
                new SimpleForwardingClientCall<>(next.newCall(method, options)) {};
            calls.add(call);
            return call;
          }
        };

    PresenceSession session =
        PresenceClient.builder(ClientInterceptors.intercept(channel, watching))
            .underlyingChannel(channel)
            .tokens(() -> "good")
            .build()
            .connect(told);

    awaitLive(session);
    assertThat(calls).hasSize(1);
  }

  @Test
  void shouldHoldThousandsOfSessionsOnAFewThreads() {
    List<PresenceSession> sessions = new ArrayList<>();

    PresenceClient client = client();
    for (int n = 0; n < 2_000; n++) {
      sessions.add(client.connect(told));
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sessions.stream().allMatch(session -> session.state().isConnected()));
    assertThat(presence.connections).hasSize(2_000);
    long ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("presence-client"))
            .count();
    assertThat(ours).isLessThanOrEqualTo(5);
  }

  @Test
  void shouldAskForOneUser() {
    presence.contact("bob", "Bob", online("bob"));

    assertThat(client().getPresence("bob").join().state())
        .isEqualTo(dev.presence.client.PresenceState.ONLINE);
  }

  @Test
  void shouldTellWhyACallFailed() {
    assertThatThrownBy(() -> client().getPresence("zoe").join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            PresenceException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(Status.Code.NOT_FOUND);
              assertThat(failure.reason()).isEqualTo("USER_NOT_FOUND");
              assertThat(failure).hasMessageContaining("the script says so");
            });
  }

  @Test
  void shouldAskForManyUsersAThousandACall() {
    presence.contact("u7", "U 7", online("u7"));
    List<String> userIds = IntStream.range(0, 2_500).mapToObj(n -> "u" + n).toList();

    assertThat(client().getPresences(userIds).join()).containsOnlyKeys("u7");
    assertThat(presence.sizes).containsExactly(1_000, 1_000, 500);
  }

  @Test
  void shouldListAllContactsPageByPage() {
    presence.pageSize = 2;
    for (String userId : List.of("a", "b", "c", "d", "e")) {
      presence.contact(userId, "Name " + userId, online(userId));
    }

    assertThat(client().listContacts().join())
        .extracting(Contact::name)
        .containsExactly("Name a", "Name b", "Name c", "Name d", "Name e");
    assertThat(presence.sizes).containsExactly(2, 2, 1);
  }

  @Test
  void shouldReplaceARefusedTokenInCallsToo() {
    presence.contact("bob", "Bob", online("bob"));
    presence.refused = "old";
    Deque<String> tokens = new ArrayDeque<>(List.of("old", "new"));
    PresenceClient client = PresenceClient.builder(channel).tokens(tokens::remove).build();

    assertThat(client.getPresence("bob").join().userId()).isEqualTo("bob");
    assertThat(client.getPresence("bob").join().userId()).isEqualTo("bob");

    assertThat(presence.unaryTokens).containsExactly("new", "new");
  }
}
