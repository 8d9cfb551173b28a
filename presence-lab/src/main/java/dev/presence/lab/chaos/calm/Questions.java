package dev.presence.lab.chaos.calm;

import dev.presence.client.PresenceChannels;
import dev.presence.lab.clients.RunClock;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A steady stream of {@code GetPresence} through Envoy, as a service asks. A call counts once, with
 * all that Envoy tries again within its deadline. Thread-safe.
 */
public final class Questions implements AutoCloseable {

  /** How long a call may take, with all that is tried again meanwhile. */
  static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final int A_SECOND = 50;
  private static final int SEED = 7;

  private final RunClock clock;
  private final List<String> users;
  private final ManagedChannel channel;
  private final PresenceServiceGrpc.PresenceServiceStub stub;
  private final Random random = new Random(SEED);
  private final List<Answer> answers = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("questions").unstarted(task));

  /**
   * What came of a call.
   *
   * @param askedMicros when it was made
   * @param failure the status, if it failed
   * @param stale whether the answer said that it is
   */
  private record Answer(long askedMicros, @Nullable String failure, boolean stale) {}

  /**
   * How calls went.
   *
   * @param wanted how many were to be made
   * @param asked how many were made
   * @param answered how many of them were answered in time
   * @param stale how many answers said that they are stale
   * @param failures what others failed with, in words
   */
  public record Success(long wanted, long asked, long answered, long stale, List<String> failures) {

    private static final double ENOUGH = 0.9;

    /** Nothing was asked, and nothing was to be. */
    public static final Success NONE = new Success(0, 0, 0, 0, List.of());

    /** How calls of several times went. */
    public static Success together(List<Success> parts) {
      return new Success(
          parts.stream().mapToLong(Success::wanted).sum(),
          parts.stream().mapToLong(Success::asked).sum(),
          parts.stream().mapToLong(Success::answered).sum(),
          parts.stream().mapToLong(Success::stale).sum(),
          parts.stream().flatMap(part -> part.failures.stream()).toList());
    }

    /** Whether so many were made that their share tells something. */
    public boolean enough() {
      return asked >= ENOUGH * wanted;
    }

    /** The share that was answered, 0 to 1; 0 if nothing was asked. */
    public double share() {
      return asked == 0 ? 0 : (double) answered / asked;
    }
  }

  /**
   * Begins to ask.
   *
   * @param edge where, as host and port
   * @param clock by which it is written down when
   * @param users about whom
   * @param token of a service that may ask about anybody
   */
  public Questions(String edge, RunClock clock, List<String> users, String token) {
    this.clock = clock;
    this.users = users;
    channel = PresenceChannels.forServers(List.of(edge), true);
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    stub =
        PresenceServiceGrpc.newStub(channel)
            .withWaitForReady()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    long pauseMicros = TimeUnit.SECONDS.toMicros(1) / A_SECOND;
    var _ = thread.scheduleAtFixedRate(this::ask, pauseMicros, pauseMicros, TimeUnit.MICROSECONDS);
  }

  private void ask() {
    long asked = clock.micros();
    try {
      ask(asked);
    } catch (RuntimeException e) {
      add(new Answer(asked, "could not be asked: " + e, false)); // and others will be
    }
  }

  private void ask(long asked) {
    channel.resetConnectBackoff(); // else gRPC's own pauses would count as the servers'
    stub.withDeadlineAfter(DEADLINE)
        .getPresence(
            GetPresenceRequest.newBuilder()
                .setUserId(users.get(random.nextInt(users.size())))
                .build(),
            new Waiting(asked));
  }

  private final class Waiting implements StreamObserver<GetPresenceResponse> {
    private final long askedMicros;
    private boolean stale;

    Waiting(long askedMicros) {
      this.askedMicros = askedMicros;
    }

    @Override
    public void onNext(GetPresenceResponse response) {
      stale = response.getPresence().getStale();
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      add(new Answer(askedMicros, status.getCode() + " " + status.getDescription(), false));
    }

    @Override
    public void onCompleted() {
      add(new Answer(askedMicros, null, stale));
    }
  }

  private synchronized void add(Answer answer) {
    answers.add(answer);
  }

  /** How those calls went that were made between two moments. */
  public synchronized Success between(long fromMicros, long toMicros) {
    List<Answer> there =
        answers.stream()
            .filter(answer -> fromMicros <= answer.askedMicros && answer.askedMicros <= toMicros)
            .toList();
    List<String> failures =
        there.stream()
            .filter(answer -> answer.failure != null)
            .map(answer -> "%.1f s: %s".formatted(answer.askedMicros / 1e6, answer.failure))
            .toList();
    return new Success(
        A_SECOND * (toMicros - fromMicros) / 1_000_000,
        there.size(),
        there.size() - failures.size(),
        there.stream().filter(Answer::stale).count(),
        failures);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    channel.shutdownNow();
  }
}
