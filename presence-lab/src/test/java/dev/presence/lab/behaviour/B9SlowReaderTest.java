package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.Activity;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.UpdateStatus;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A reader that stops gets, when it reads again, what the network held back then and after that the
 * newest state of each contact; all that happened in between was never kept for it. So the number
 * of entries that it reads tells what it cost the server.
 */
@Tag("B9")
@ExtendWith(World.Shared.class)
class B9SlowReaderTest {

  private static final int CONTACTS = 500;
  private static final int ROUNDS = 20;

  /** Those who have no library come a few at a time, and nobody is told to come again. */
  private static final int AT_A_TIME = 50;

  private static final int WINDOW_BYTES = 65_535;
  private static final int BEAT_S = 5;

  /**
   * The reader's window and what the server's transport takes before it says that it is not ready,
   * in entries of at least 40 bytes; and one of each contact.
   */
  private static final int MOST_ENTRIES = (2 * WINDOW_BYTES) / 40 + CONTACTS;

  /**
   * The queue for one reader, and room for all else that goes on in this server. Kept for each
   * change, what was not read would take some 2 MB; what counts is the number of entries above.
   */
  private static final long MOST_GROWTH_BYTES = 16 << 20;

  /** The last line of a class histogram: instances, bytes. */
  private static final Pattern HEAP_TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private static final ClientMessage HEARTBEAT =
      ClientMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setSequence(1)).build();

  private final World world;

  B9SlowReaderTest(World world) {
    this.world = world;
  }

  @Test
  void shouldKeepOnlyTheNewestStatesForAReaderThatStops() throws IOException {
    String watcher = world.friendOf();
    List<String> contacts = world.friendsOf(CONTACTS, watcher);
    List<Stub.Stream> streams = new CopyOnWriteArrayList<>();
    List<Reader> readers = new CopyOnWriteArrayList<>();
    ManagedChannel ofContacts = world.fleet().channel(0);
    ManagedChannel narrow =
        NettyChannelBuilder.forAddress("127.0.0.1", world.fleet().server(1).port())
            .usePlaintext()
            .flowControlWindow(WINDOW_BYTES)
            .build();
    try (ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
      // On a busy machine all this takes longer than anybody may be silent; and a reader that stops
      // goes on with telling that it lives.
      Runnable beat =
          () -> {
            streams.forEach(stream -> stream.send(HEARTBEAT));
            readers.forEach(Reader::beat);
          };
      var _ = beats.scheduleAtFixedRate(beat, BEAT_S, BEAT_S, TimeUnit.SECONDS);
      come(contacts, ofContacts, streams);
      String token = world.fleet().tokens().user(watcher);
      Reader slow = new Reader(Stub.with(narrow, token));
      Reader witness = new Reader(Stub.with(world.channel(1), token));
      readers.addAll(List.of(slow, witness));
      slow.readUntilComplete();
      witness.readUntilComplete();
      witness.readAll();
      int before = slow.entries();
      long heapBefore = liveHeapBytes();

      for (int round = 1; round <= ROUNDS; round++) {
        Activity activity = round % 2 == 1 ? Activity.ACTIVITY_AWAY : Activity.ACTIVITY_ACTIVE;
        PresenceState expected =
            round % 2 == 1
                ? PresenceState.PRESENCE_STATE_AWAY
                : PresenceState.PRESENCE_STATE_ONLINE;
        ClientMessage update =
            ClientMessage.newBuilder()
                .setUpdateStatus(UpdateStatus.newBuilder().setActivity(activity))
                .build();
        streams.forEach(stream -> stream.send(update));
        witness.awaitAll(contacts, expected);
      }
      // One more change, so that the newest states are not those that the last round left to all.
      ClientMessage away =
          ClientMessage.newBuilder()
              .setUpdateStatus(UpdateStatus.newBuilder().setActivity(Activity.ACTIVITY_AWAY))
              .build();
      streams.forEach(stream -> stream.send(away));
      witness.awaitAll(contacts, PresenceState.PRESENCE_STATE_AWAY);

      assertThat(slow.entries()).as("it has stopped reading").isEqualTo(before);
      long grown = liveHeapBytes() - heapBefore;
      assertThat(grown).as("growth of the server's live heap").isLessThan(MOST_GROWTH_BYTES);

      slow.readAll();
      slow.awaitAll(contacts, PresenceState.PRESENCE_STATE_AWAY);
      assertThat(slow.entries() - before).isBetween(CONTACTS, MOST_ENTRIES);
      System.out.println(
          "B9: read "
              + (slow.entries() - before)
              + " entries, the witness "
              + witness.entries()
              + "; live heap grown by "
              + grown / 1024
              + " KiB");
      assertThat(witness.entries()).isGreaterThan(CONTACTS * ROUNDS / 2);
      beats.shutdownNow();
      slow.cancel();
      witness.cancel();
    } finally {
      narrow.shutdownNow();
      streams.forEach(Stub.Stream::signOut);
      ofContacts.shutdown();
    }
  }

  private void come(List<String> users, Channel channel, List<Stub.Stream> streams) {
    for (int i = 0; i < users.size(); i += AT_A_TIME) {
      List<Stub.Stream> next =
          users.subList(i, i + AT_A_TIME).stream()
              .map(user -> new Stub.Stream(channel, world.fleet().tokens().user(user)))
              .toList();
      next.forEach(stream -> stream.send(Stub.open()));
      next.forEach(stream -> stream.await(KindCase.HELLO));
      streams.addAll(next);
    }
  }

  /** What the watcher's server holds, after a collection, by its own account. */
  private long liveHeapBytes() throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(world.fleet().server(1).pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = HEAP_TOTAL.matcher(histogram);
    assertThat(total.find()).as(histogram).isTrue();
    return Long.parseLong(total.group(1));
  }

  /** A stream that reads a message only when it is told to. */
  private static final class Reader
      implements ClientResponseObserver<ClientMessage, ServerMessage> {
    private final Map<String, PresenceState> view = new ConcurrentHashMap<>();
    private final AtomicInteger entries = new AtomicInteger();
    private @Nullable ClientCallStreamObserver<ClientMessage> up;
    private volatile boolean complete;
    private volatile boolean readingAll;
    private volatile @Nullable Throwable error;

    Reader(Channel channel) {
      PresenceServiceGrpc.newStub(channel).connect(this).onNext(Stub.open());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientMessage> call) {
      up = call;
      call.disableAutoRequestWithInitial(1);
    }

    private ClientCallStreamObserver<ClientMessage> up() {
      if (up == null) {
        throw new AssertionError("not started");
      }
      return up;
    }

    void readUntilComplete() {
      await("the snapshot").atMost(Person.SOON).until(() -> complete);
    }

    void readAll() {
      readingAll = true;
      up().request(1);
    }

    void beat() {
      up().onNext(HEARTBEAT);
    }

    void awaitAll(List<String> users, PresenceState state) {
      await("all to be seen " + state)
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(() -> assertThat(othersThan(state, users)).isEmpty());
    }

    private Map<String, PresenceState> othersThan(PresenceState state, List<String> users) {
      Map<String, PresenceState> others = new HashMap<>();
      for (String user : users) {
        PresenceState seen = view.getOrDefault(user, PresenceState.PRESENCE_STATE_UNSPECIFIED);
        if (seen != state) {
          others.put(user, seen);
        }
      }
      return others;
    }

    /** Ends at once with the stream's own error, should that break. */
    private ConditionFactory await(String what) {
      return Awaitility.await(what)
          .failFast(
              () -> {
                if (error != null) {
                  throw new AssertionError("the reader's stream has ended", error);
                }
              });
    }

    int entries() {
      return entries.get();
    }

    void cancel() {
      up().cancel("done", null);
    }

    @Override
    public void onNext(ServerMessage message) {
      List<Presence> presences =
          switch (message.getKindCase()) {
            case SNAPSHOT -> message.getSnapshot().getPresencesList();
            case CHANGES -> message.getChanges().getPresencesList();
            default -> List.of();
          };
      Map<String, PresenceState> newest = new HashMap<>();
      presences.forEach(presence -> newest.put(presence.getUserId(), presence.getState()));
      view.putAll(newest);
      entries.addAndGet(presences.size());
      boolean last = message.hasSnapshot() && message.getSnapshot().getLastSeenComplete();
      complete |= last;
      if (readingAll || !complete) {
        up().request(1);
      }
    }

    @Override
    public void onError(Throwable ended) {
      error = ended; // at its end the test cancels its own streams, and looks no more
    }

    @Override
    public void onCompleted() {
      error = new IllegalStateException("the server ended it");
    }
  }
}
