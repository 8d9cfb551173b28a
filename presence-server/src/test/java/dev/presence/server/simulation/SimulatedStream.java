package dev.presence.server.simulation;

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
import org.jspecify.annotations.Nullable;

/** One client's stream: it reads what it is sent, and keeps the view that an app would show. */
final class SimulatedStream {

  private final Map<UserId, Presence> view = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private @Nullable Attachment attachment;
  private Outbound.@Nullable Hello hello;
  private Outbound.@Nullable Closed closed;
  private boolean stale;
  private boolean cut;
  private boolean complete;

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
          complete |= part.complete();
        }
        case Outbound.Changes changes -> take(changes.presences(), true);
        case Outbound.HeartbeatAck _ -> {}
        case Outbound.ServerState state -> stale = state.stale();
        case Outbound.Closed c -> closed = c;
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
      }
    }
  }

  Attachment attachment() {
    if (attachment == null) {
      throw new AssertionError("not attached");
    }
    return attachment;
  }

  void heartbeat() {
    attachment().heartbeat(1);
  }

  /** The connection is gone, without a word. */
  void cut() {
    cut = true;
    attachment().lost();
  }

  boolean isCut() {
    return cut;
  }

  void signOut() {
    attachment().signOut();
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
