package dev.presence.lab.replay.stage;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.SessionInfo;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.plan.StatusChange.Status;
import io.grpc.Channel;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session held by the Java library, over a {@link Wire}. It is told things on the library's loop.
 */
final class JavaDevice implements Device, PresenceListener {

  private final Company company;
  private final Player player;
  private final SessionLog log;
  private final Sight sight;
  private final Wire wire;
  private @Nullable PresenceSession session;

  JavaDevice(Company company, PlannedSession plan, Player player, SessionLog log) {
    this.company = company;
    this.player = player;
    this.log = log;
    sight = new Sight(company, log);
    wire = new Wire(plan, log, company);
  }

  @Override
  public void open(String token) {
    session =
        PresenceClient.builder((Channel) wire)
            .tokens(() -> token)
            .device("replay")
            .callbackExecutor(Runnable::run)
            .build()
            .connect(this);
  }

  @Override
  public boolean isUp() {
    return wire.isUp();
  }

  @Override
  public int updatesSent() {
    return wire.updatesSent();
  }

  @Override
  public void change(Status status) {
    PresenceSession current = session;
    if (current != null) {
      switch (status) {
        case AWAY -> current.setActivity(Activity.AWAY);
        case ACTIVE -> current.setActivity(Activity.ACTIVE);
        case BUSY -> current.setAvailability(Availability.BUSY);
        case AVAILABLE -> current.setAvailability(Availability.AVAILABLE);
      }
    }
  }

  @Override
  public void cut(long awayMillis, int nextServer) {
    wire.cut(awayMillis, nextServer);
    player.onCut();
    player.onCutOver();
  }

  @Override
  public void signOut() {
    PresenceSession current = session;
    if (current != null) {
      wire.leaving();
      log.signOut(company.clock().micros());
      var _ = current.signOut();
    }
  }

  @Override
  public boolean isLeaving() {
    return wire.isLeaving();
  }

  @Override
  public void close() {
    PresenceSession current = session;
    if (current != null) {
      wire.leaving();
      current.close();
      session = null;
      wire.close();
    }
    player.onClosed();
  }

  // What it is told.

  @Override
  public void onHello(SessionInfo info) {
    player.onHello(
        new Greeting(
            company.clock().micros(),
            company.clock().wallMillis(),
            info.sessionId(),
            info.node(),
            info.resumed()));
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    long now = company.clock().micros();
    sight.offlineExcept(now, contacts.keySet());
    contacts.values().forEach(contact -> told(now, contact));
  }

  @Override
  public void onChange(Presence contact) {
    told(company.clock().micros(), contact);
  }

  private void told(long now, Presence presence) {
    Seen seen =
        switch (presence.state()) {
          case OFFLINE -> Seen.OFFLINE;
          case ONLINE -> Seen.ONLINE;
          case AWAY -> Seen.AWAY;
          case BUSY -> Seen.BUSY;
          case UNKNOWN -> Seen.UNKNOWN;
        };
    long lastSeen = presence.lastSeen().map(Instant::toEpochMilli).orElse(0L);
    sight.told(now, presence.userId(), seen, lastSeen);
  }

  @Override
  public void onState(ConnectionState state) {
    if (state.phase() == Phase.OFFLINE) {
      player.onGone(state.reason() + ": " + state.detail());
    }
  }
}
