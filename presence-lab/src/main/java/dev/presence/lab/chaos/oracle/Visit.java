package dev.presence.lab.chaos.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client's log says: when it was connected, and which sessions it had. */
final class Visit {

  private final ClientLog log;
  private final List<Entry> entries;
  private final List<Stretch> stretches = new ArrayList<>();
  private final Map<String, Kept> sessions = new LinkedHashMap<>();

  /** When it sent an Open that was not answered. */
  private final List<Long> unanswered = new ArrayList<>();

  private long openMicros = -1;
  private @Nullable Kept session;

  Visit(ClientLog log) {
    this.log = log;
    entries = log.entries();
    for (Entry entry : entries) {
      read(entry);
    }
    if (openMicros >= 0) {
      unanswered.add(openMicros);
    }
  }

  private void read(Entry entry) {
    long at = entry.atMicros();
    switch (entry.deed()) {
      case OPENED -> {
        if (openMicros >= 0) {
          unanswered.add(openMicros);
        }
        openMicros = at;
        sent(at);
      }
      case SENT -> sent(at);
      case GREETED -> greeted(entry);
      case LOST, CUT, VANISHED, SIGNED_OUT, UNCONFIRMED, GIVEN_UP -> ended(at, entry.deed());
      case TOLD -> {}
    }
  }

  private void sent(long at) {
    if (session != null) {
      session.sent(at);
    }
  }

  private void greeted(Entry hello) {
    long at = hello.atMicros();
    long opened = openMicros < 0 ? at : openMicros;
    openMicros = -1;
    Kept before = session;
    if (before != null && !before.id.equals(hello.session())) {
      before.end = Deed.OPENED;
      before.endMicros = at;
    }
    Kept now =
        sessions.computeIfAbsent(hello.session(), id -> new Kept(id, log.user(), opened, at));
    now.nodes.add(hello.text());
    session = now;
    if (connected()) {
      end(at, Deed.GREETED);
    }
    stretches.add(Stretch.begun(opened, at, hello.session(), hello.text()));
  }

  private void ended(long at, Deed how) {
    if (connected()) {
      end(at, how);
    } else if (how.planned() && !stretches.isEmpty()) {
      stretches.set(stretches.size() - 1, stretches.getLast().left(at, how));
    }
    if (session != null && how.forGood()) {
      session.end = how;
      session.endMicros = at;
    }
  }

  private boolean connected() {
    return !stretches.isEmpty() && stretches.getLast().lasts();
  }

  private void end(long at, Deed how) {
    stretches.set(stretches.size() - 1, stretches.getLast().ended(at, how));
  }

  ClientLog log() {
    return log;
  }

  int user() {
    return log.user();
  }

  List<Entry> entries() {
    return entries;
  }

  List<Stretch> stretches() {
    return stretches;
  }

  List<Kept> sessions() {
    return List.copyOf(sessions.values());
  }

  List<Long> unanswered() {
    return unanswered;
  }

  /** When the next stretch after this one began; never, if there is none. */
  long nextHello(int stretch) {
    return stretch + 1 < stretches.size()
        ? stretches.get(stretch + 1).fromMicros()
        : Long.MAX_VALUE;
  }

  /** Until when others must have seen at the latest that the next stretch began, or it ended. */
  long nextSeen(int stretch) {
    return stretch + 1 < stretches.size()
        ? Math.min(
            stretches.get(stretch + 1).fromMicros() + Rules.SEEN,
            stretches.get(stretch + 1).toMicros())
        : Long.MAX_VALUE;
  }
}
