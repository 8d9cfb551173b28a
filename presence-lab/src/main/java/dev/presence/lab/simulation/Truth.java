package dev.presence.lab.simulation;

import dev.presence.server.model.SessionKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that really happened to streams and sessions. */
final class Truth {

  private static final long FORGET_MILLIS = 180_000;

  private final World world;
  private final Map<String, SessionTruth> sessions = new LinkedHashMap<>();
  private final Map<Person, List<SessionTruth>> byPerson = new LinkedHashMap<>();

  /** All streams that asked for a session or carried it. */
  private final Map<String, Set<StreamTruth>> streams = new LinkedHashMap<>();

  /** Streams that were opened and never told hello: they may count, and need not. */
  private final Map<Person, List<StreamTruth>> ungreeted = new LinkedHashMap<>();

  Truth(World world) {
    this.world = world;
  }

  void opened(StreamTruth stream) {
    if (!stream.askedFor.isEmpty()) {
      streamsOf(stream.askedFor).add(stream);
    }
    List<StreamTruth> unanswered =
        ungreeted.computeIfAbsent(stream.device.person(), _ -> new ArrayList<>());
    long old = world.time().nowMillis() - FORGET_MILLIS;
    unanswered.removeIf(known -> known.lastReachedMillis < old);
    unanswered.add(stream);
  }

  /** A server said hello. */
  void greeted(StreamTruth stream, String session, boolean resumed) {
    long now = world.time().nowMillis();
    stream.session = session;
    stream.greetedMillis = now;
    streamsOf(session).add(stream);
    stream.greetedOutOfReach = stream.node != null && stream.node.redis().isCutOff();
    ungreeted.getOrDefault(stream.device.person(), new ArrayList<>()).remove(stream);
    boolean goesOn = session.equals(stream.askedFor);
    if (!goesOn) {
      stream.carriesAnother();
    }
    world.note(
        stream.device.name(),
        () -> "hello from " + stream.node + (goesOn ? ", resumed " : ", session ") + session);
    SessionTruth known = sessions.get(session);
    if (known == null) {
      known = new SessionTruth(session, stream, now);
      sessions.put(session, known);
      byPerson.computeIfAbsent(stream.device.person(), _ -> new ArrayList<>()).add(known);
    } else {
      world
          .tally()
          .rule(known.stream.node == stream.node ? Rule.RESUMED_HERE : Rule.RESUMED_ELSEWHERE);
      known.greeted(stream, now, world);
    }
    if (!stream.askedFor.isEmpty() && !goesOn) {
      world.tally().rule(Rule.RESUME_REFUSED);
      SessionTruth before = sessions.get(stream.askedFor);
      if (before != null) {
        before.end(now);
      }
    }
  }

  /** The server that has a session has learnt something from a call that another handed on. */
  void handedOn(String session, int attempt, Consumer<StreamTruth> learn) {
    streamsOf(session).stream().filter(stream -> stream.attempt == attempt).forEach(learn);
  }

  /**
   * A call about a session was taken by the server that has it.
   *
   * @param attempt of which stream; the Open of that may still be on its way, and then an older one
   *     is what the server has
   * @param waitedMillis for how long it lay in that server's socket
   */
  void heard(SessionKey session, int attempt, long waitedMillis) {
    SessionTruth known = sessions.get(session.id().toString());
    if (known == null || !known.person.user().equals(session.user())) {
      return;
    }
    long now = world.time().nowMillis();
    streamsOf(known).stream()
        .filter(stream -> stream.attempt <= attempt)
        .max(Comparator.comparingInt(stream -> stream.attempt))
        .ifPresent(stream -> stream.taken(now, waitedMillis));
    known.heard();
  }

  /** A server was gone for so long that the others may have dropped what it had. */
  void lapse(SimulatedNode node) {
    for (SessionTruth session : sessions.values()) {
      if (session.stream.node == node) {
        session.lapse();
      }
    }
  }

  /** A server that was lost is back: it has given up those whom it has not heard since then. */
  void lapseSilent(SimulatedNode node, long sinceMillis) {
    for (SessionTruth session : sessions.values()) {
      StreamTruth stream = session.stream;
      boolean old = stream.endedMillis >= 0 && stream.openedMillis < sinceMillis;
      if (stream.node == node && (old || stream.lastReachedMillis < sinceMillis)) {
        session.lapse();
      }
    }
  }

  private Set<StreamTruth> streamsOf(String session) {
    return streams.computeIfAbsent(session, _ -> new LinkedHashSet<>());
  }

  /** The streams that carried a session, and those that may have: no other hello was said. */
  List<StreamTruth> streamsOf(SessionTruth session) {
    return streamsOf(session.id).stream()
        .filter(stream -> stream.session.isEmpty() || stream.session.equals(session.id))
        .toList();
  }

  @Nullable SessionTruth session(String id) {
    return sessions.get(id);
  }

  List<SessionTruth> all() {
    return List.copyOf(sessions.values());
  }

  List<SessionTruth> of(Person person) {
    List<SessionTruth> its = byPerson.get(person);
    return its == null ? List.of() : its;
  }

  List<StreamTruth> ungreetedOf(Person person) {
    List<StreamTruth> its = ungreeted.get(person);
    return its == null ? List.of() : its;
  }
}
