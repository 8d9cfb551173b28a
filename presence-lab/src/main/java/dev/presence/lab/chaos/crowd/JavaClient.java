package dev.presence.lab.chaos.crowd;

import dev.presence.client.ConnectionState;
import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.Presence;
import dev.presence.client.PresenceChannels;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.PresenceState;
import dev.presence.client.SessionInfo;
import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.clients.RunClock;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.tcp.Line;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the Java library, on a connection of its own. */
final class JavaClient extends Client implements PresenceListener {

  private final String token;
  private final Sight sight;
  private final ManagedChannel channel;
  private @Nullable PresenceSession session;

  JavaClient(ClientLog log, Circle circle, RunClock clock, Line line, String token) {
    super(log, clock, line);
    this.token = token;
    sight = new Sight(circle, log);
    channel = PresenceChannels.forServers(List.of("127.0.0.1:" + line.port()), true);
  }

  @Override
  void open() {
    session =
        PresenceClient.builder(
                ClientInterceptors.intercept(channel, new StreamDiary(log, clock, this::lost)))
            .underlyingChannel(channel)
            .tokens(() -> token)
            .device("chaos")
            .callbackExecutor(Runnable::run)
            .build()
            .connect(this);
  }

  @Override
  void leave() {
    PresenceSession current = session;
    if (current != null) {
      var _ = current.signOut();
    }
  }

  @Override
  void end() {
    PresenceSession current = session;
    if (current != null) {
      current.close();
    }
    channel.shutdownNow();
  }

  // What the app is told.

  @Override
  public void onHello(SessionInfo info) {
    greeted(clock.micros(), info.sessionId(), info.node());
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    long now = clock.micros();
    sight.offlineExcept(now, contacts.keySet());
    contacts.values().forEach(contact -> told(now, contact));
  }

  @Override
  public void onChange(Presence contact) {
    told(clock.micros(), contact);
  }

  private void told(long now, Presence contact) {
    long lastSeen = contact.lastSeen().map(Instant::toEpochMilli).orElse(0L);
    sight.told(now, contact.userId(), seen(contact.state()), lastSeen);
  }

  private static Seen seen(PresenceState state) {
    return switch (state) {
      case OFFLINE -> Seen.OFFLINE;
      case ONLINE -> Seen.ONLINE;
      case AWAY -> Seen.AWAY;
      case BUSY -> Seen.BUSY;
      case UNKNOWN -> Seen.UNKNOWN;
    };
  }

  @Override
  public void onState(ConnectionState state) {
    if (state.phase() == Phase.OFFLINE) {
      finished(clock.micros(), state.reason() + ": " + state.detail());
    }
  }
}
