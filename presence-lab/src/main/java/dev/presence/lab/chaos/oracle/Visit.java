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
  private final List<Stall> stalls = new ArrayList<>(0);

  /** When it sent an Open that was not answered. */
  private final List<Long> unanswered = new ArrayList<>();

  private long openMicros = -1;

  /** The user has signed out on a stream that is still there. */
  private boolean signedOutLive;

  private @Nullable Kept session;

  /**
   * A time in which nothing got through its line: what was said meanwhile it was told after.
   *
   * @param toMicros {@link Long#MAX_VALUE} if it has not ended
   */
  record Stall(long fromMicros, long toMicros) {

    /** Whether what the client was told just now may have been said in it. */
    boolean delayed(long toldMicros) {
      return fromMicros <= toldMicros && toldMicros - Rules.SEEN <= toMicros;
    }
  }

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
        signedOutLive = false;
        if (openMicros >= 0) {
          unanswered.add(openMicros);
        }
        openMicros = at;
        if (session != null) {
          session.asked(at);
        }
      }
      case SENT -> sent(at);
      case GREETED -> greeted(entry);
      case SIGNED_OUT -> {
        signedOutLive = connected();
        ended(at, entry.deed());
      }
      case LOST, CUT, VANISHED, UNCONFIRMED, GIVEN_UP -> ended(at, entry.deed());
      case ENDED -> {
        if (connected()) { // greeted while the line was being cut
          end(at, Deed.CUT);
        }
      }
      case STALLED -> {
        if (!stalled()) { // else it goes on
          stalls.add(new Stall(at, Long.MAX_VALUE));
        }
      }
      case MENDED -> mended(at);
      case TOLD, TOLD_OF_STRANGER -> {}
    }
  }

  private void sent(long at) {
    if (session != null && !stalled() && (connected() || signedOutLive)) {
      session.sent(at);
    } else if (session != null) {
      session.asked(at);
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
    now.given();
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

  private void mended(long at) {
    if (stalled()) {
      stalls.set(stalls.size() - 1, new Stall(stalls.getLast().fromMicros(), at));
    }
    if (!stretches.isEmpty() && stretches.getLast().end() == Deed.CUT) {
      stretches.set(stretches.size() - 1, stretches.getLast().mended(at));
    }
  }

  /** What is said into a line that is stalled may never be heard. */
  private boolean stalled() {
    return !stalls.isEmpty() && stalls.getLast().toMicros() == Long.MAX_VALUE;
  }

  private boolean connected() {
    return !stretches.isEmpty() && stretches.getLast().lasts();
  }

  private void end(long at, Deed how) {
    stretches.set(stretches.size() - 1, stretches.getLast().ended(at, how));
    if (session != null && how != Deed.GREETED && how != Deed.SIGNED_OUT) {
      session.broke(at);
    }
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

  List<Stall> stalls() {
    return stalls;
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
