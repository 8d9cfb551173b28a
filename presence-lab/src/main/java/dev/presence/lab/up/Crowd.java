package dev.presence.lab.up;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.lab.identity.Tokens;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated users who come and go, step away, are busy, and now and then vanish without a word.
 * Each is a real client.
 */
final class Crowd implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Crowd.class);

  private static final Duration STAY = Duration.ofSeconds(40);
  private static final Duration ABSENCE = Duration.ofSeconds(25);
  private static final double SHARE_AT_START = 0.5;

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("crowd").daemon().unstarted(task));
  private final Random random = new Random();
  private final List<ManagedChannel> channels;
  private final Tokens tokens;

  /** Plays over these channels, which stay the caller's. */
  Crowd(List<ManagedChannel> channels, Tokens tokens) {
    this.channels = channels;
    this.tokens = tokens;
  }

  /** Begins: about half are there at once. */
  void play(List<String> users) {
    for (String user : users) {
      Actor actor = new Actor(user);
      later(random.nextDouble() < SHARE_AT_START ? Duration.ofSeconds(2) : ABSENCE, actor::come);
    }
  }

  private void later(Duration mean, Runnable step) {
    long millis = (long) (mean.toMillis() * (0.2 + 1.6 * random.nextDouble()));
    var _ =
        scheduler.schedule(
            () -> {
              try {
                step.run();
              } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("a simulated user failed");
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  private final class Actor implements PresenceListener {
    private final String user;
    private @Nullable PresenceSession session;

    Actor(String user) {
      this.user = user;
    }

    void come() {
      ManagedChannel channel = channels.get(random.nextInt(channels.size()));
      session =
          PresenceClient.builder(channel)
              .tokens(() -> tokens.user(user))
              .device("simulated")
              .build()
              .connect(this);
      later(STAY.dividedBy(2), this::changeStatus);
    }

    private void changeStatus() {
      PresenceSession current = session;
      if (current == null) {
        return;
      }
      switch (random.nextInt(4)) {
        case 0 -> current.setActivity(Activity.AWAY);
        case 1 -> current.setAvailability(Availability.BUSY);
        default -> current.setAvailability(Availability.AVAILABLE);
      }
      later(STAY.dividedBy(2), this::leave);
    }

    private void leave() {
      PresenceSession current = session;
      session = null;
      if (current != null) {
        if (random.nextInt(3) == 0) {
          current.close();
        } else {
          var _ = current.signOut();
        }
      }
      later(ABSENCE, this::come);
    }

    @Override
    public void onSnapshot(Map<String, Presence> presences) {}

    @Override
    public void onChange(Presence presence) {}

    @Override
    public void onState(ConnectionState state) {}
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
