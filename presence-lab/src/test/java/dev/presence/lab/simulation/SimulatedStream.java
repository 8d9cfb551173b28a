package dev.presence.lab.simulation;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.SharedPresence;
import dev.presence.server.session.Attachment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One client's stream: it reads what it is sent, and keeps the view that an app would show. */
final class SimulatedStream {

  private final SimulatedServer server;
  private final Map<UserId, Presence> view = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private @Nullable Attachment attachment;
  private Outbound.@Nullable Hello hello;
  private Outbound.@Nullable Closed closed;
  private boolean stale;
  private boolean cut;
  private boolean complete;
  private boolean acknowledged;
  private boolean askedToMove;
  private long retryAfterMillis = -1;
  private LongConsumer onPing = sequence -> {};
  private BiConsumer<SimulatedStream, @Nullable Presence> onTold = (stream, presence) -> {};

  SimulatedStream(SimulatedServer server) {
    this.server = server;
  }

  void attached(Attachment to) {
    attachment = to;
    read();
  }

  /** The outbox has something. */
  void read() {
    Attachment from = attachment;
    if (from == null) {
      return;
    }
    for (Outbound message = from.outbox().next(); message != null; message = from.outbox().next()) {
      switch (message) {
        case Outbound.Hello h -> hello = h;
        case Outbound.SnapshotPart part -> {
          take(part.presences(), complete);
          if (part.complete()) {
            complete = true;
            onTold.accept(this, null);
          }
        }
        case Outbound.Changes changes -> take(changes.presences(), true);
        case Outbound.HeartbeatAck _ -> acknowledged = true;
        case Outbound.Ping ping -> onPing.accept(ping.sequence());
        case Outbound.ServerState state -> stale = state.stale();
        case Outbound.Drain _ -> askedToMove = true; // a story says whether the client does
        case Outbound.Closed c -> closed = c;
        case Outbound.Refused refused -> retryAfterMillis = refused.retryAfterMillis();
      }
    }
  }

  private void take(List<SharedPresence> presences, boolean asEvents) {
    for (SharedPresence shared : presences) {
      Presence presence = shared.presence();
      Presence before = view.put(presence.user(), presence);
      boolean other = before == null || before.state() != presence.state();
      if (asEvents && other && !(before == null && presence.state() == PresenceState.OFFLINE)) {
        events.add(presence.user() + " " + presence.state());
        onTold.accept(this, presence);
      }
    }
  }

  Attachment attachment() {
    if (attachment == null) {
      throw new AssertionError("not attached");
    }
    return attachment;
  }

  /** Told each ping. */
  void onPing(LongConsumer listener) {
    onPing = listener;
  }

  /** Told each change, and null when the snapshot is complete. */
  void onTold(BiConsumer<SimulatedStream, @Nullable Presence> listener) {
    onTold = listener;
  }

  boolean isAttached() {
    return attachment != null;
  }

  boolean isComplete() {
    return complete;
  }

  SimulatedServer server() {
    return server;
  }

  void awaitAcknowledgement() {
    acknowledged = false;
  }

  boolean acknowledged() {
    return acknowledged;
  }

  void updateStatus(@Nullable Activity activity, @Nullable Availability availability) {
    server.receive(() -> attachment().updateStatus(activity, availability, 0));
  }

  void heartbeat() {
    server.receive(() -> attachment().heartbeat(1));
  }

  /** The connection is gone, without a word. */
  void cut() {
    cut = true;
    server.receive(() -> attachment().lost());
  }

  boolean isCut() {
    return cut;
  }

  void signOut() {
    server.receive(() -> attachment().signOut());
  }

  SessionId session() {
    if (hello == null) {
      throw new AssertionError("no hello yet");
    }
    return hello.session();
  }

  boolean greeted() {
    return hello != null;
  }

  boolean resumed() {
    return hello != null && hello.resumed();
  }

  @Nullable CloseReason closed() {
    return closed == null ? null : closed.reason();
  }

  boolean askedToMove() {
    return askedToMove;
  }

  /** When it may try again, since it did not get its turn; -1 unless it was refused. */
  long retryAfterMillis() {
    return retryAfterMillis;
  }

  boolean stale() {
    return stale;
  }

  /** What an app shows of this user. */
  PresenceState sees(String user) {
    Presence presence = view.get(new UserId(user));
    return presence == null ? PresenceState.OFFLINE : presence.state();
  }

  long lastSeenMillis(String user) {
    Presence presence = view.get(new UserId(user));
    return presence == null ? 0 : presence.lastSeenMillis();
  }

  /** Changes of state that were delivered after the snapshot, in order: {@code "bob ONLINE"}. */
  List<String> events() {
    return events;
  }
}
