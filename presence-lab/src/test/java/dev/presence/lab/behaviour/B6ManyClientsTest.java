package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.Heartbeat;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What Redis is asked in a minute does not grow with the clients that are connected, heartbeat and
 * change nothing: with ten times as many it is the same, within 5 %, by its own count.
 */
@Tag("B6")
@Tag("long")
@Isolated("it counts what a minute costs, on both cores")
@ExtendWith(World.Quiet.class)
@ResourceLock(World.Quiet.LOCK)
class B6ManyClientsTest {

  private static final int FEW = 500;
  private static final int MANY = 5_000;

  /** More would be refused, and told to come again, which they do not. */
  private static final int AT_ONCE = 200;

  private static final int STREAMS_PER_CHANNEL = 250;
  private static final int SERVERS = 2;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long BEAT_MILLIS = 8_000;
  private static final long TICK_MILLIS = 10;
  private static final double TOLERANCE = 0.05;

  private final World world;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Beater> beaters = new CopyOnWriteArrayList<>();

  /** Of the thread that lets them heartbeat: how many are due, and whose turn it is. */
  private double due;

  private int turn;

  B6ManyClientsTest(World world) {
    this.world = world;
  }

  @Test
  void shouldAskRedisNoMoreForFiveThousandClientsThanForFiveHundred() throws IOException {
    try (RedisMonitor monitor = new RedisMonitor(world.fleet().redis().port());
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      var _ =
          clock.scheduleAtFixedRate(this::beat, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      long few = callsInAMinute(monitor, FEW);
      long many = callsInAMinute(monitor, MANY);

      clock.shutdownNow();
      beaters.forEach(Beater::leave);
      assertThat((double) Math.abs(many - few)).isLessThanOrEqualTo(TOLERANCE * few);
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  /** One after the other, so that each has its turn in time. */
  private void beat() {
    due += (double) beaters.size() * TICK_MILLIS / BEAT_MILLIS;
    for (; due >= 1; due--) {
      turn = turn < beaters.size() ? turn : 0; // not modulo: they become more
      beaters.get(turn++).beat();
    }
  }

  /** Opens streams until there are so many, and counts while they heartbeat. */
  private long callsInAMinute(RedisMonitor monitor, int clients) {
    List<String> users = world.friendsOf(clients - beaters.size());
    for (int i = 0; i < users.size(); i++) {
      beaters.add(open(users.get(i), beaters.size()));
      if ((i + 1) % AT_ONCE == 0) {
        awaitGreetings();
      }
    }
    awaitGreetings();
    monitor.awaitForgotten();

    List<Long> before = heartbeats();
    RedisMonitor.Window window = monitor.during(() -> Moment.now().awaitAgo(MINUTE));
    List<Long> after = heartbeats();

    long calls = window.calls().values().stream().mapToLong(Long::longValue).sum();
    List<Long> received =
        IntStream.range(0, SERVERS)
            .mapToObj(server -> after.get(server) - before.get(server))
            .toList();
    System.out.printf(
        "B6 with %,d clients: %,d commands in a minute %s; heartbeats answered by each server %s%n",
        clients, calls, window.calls(), received);
    assertThat(received)
        .allSatisfy(count -> assertThat(count).isGreaterThan(7L * clients / SERVERS));
    assertThat(window.others()).isEmpty();
    return calls;
  }

  private void awaitGreetings() {
    Awaitility.await("all to be greeted")
        .atMost(Duration.ofMinutes(1))
        .until(() -> beaters.stream().allMatch(beater -> beater.greeted));
  }

  private List<Long> heartbeats() {
    return IntStream.range(0, SERVERS)
        .mapToObj(
            server ->
                beaters.stream()
                    .filter(beater -> beater.server == server)
                    .mapToLong(beater -> beater.answered.get())
                    .sum())
        .toList();
  }

  private Beater open(String user, int number) {
    if (number % STREAMS_PER_CHANNEL == 0) {
      channels.add(world.fleet().channel(number / STREAMS_PER_CHANNEL % SERVERS));
    }
    Channel channel = Stub.with(channels.getLast(), world.fleet().tokens().user(user));
    return new Beater(channel, (channels.size() - 1) % SERVERS);
  }

  /** A client that says that it lives, and counts the answers: one to each heartbeat. */
  private static final class Beater implements StreamObserver<ServerMessage> {
    final int server;
    final AtomicLong answered = new AtomicLong();
    private final StreamObserver<ClientMessage> up;
    volatile boolean greeted;
    private long sequence;

    Beater(Channel channel, int server) {
      this.server = server;
      up = PresenceServiceGrpc.newStub(channel).connect(this);
      up.onNext(Stub.open());
    }

    void beat() {
      if (!greeted) {
        return;
      }
      up.onNext(
          ClientMessage.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().setSequence(++sequence))
              .build());
    }

    void leave() {
      up.onCompleted();
    }

    @Override
    public void onNext(ServerMessage message) {
      switch (message.getKindCase()) {
        case HELLO -> greeted = true;
        case HEARTBEAT_ACK -> answered.incrementAndGet();
        default -> {}
      }
    }

    @Override
    public void onError(Throwable failure) {
      greeted = false;
    }

    @Override
    public void onCompleted() {}
  }
}
