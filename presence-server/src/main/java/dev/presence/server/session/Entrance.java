package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.presence.Lane;
import dev.presence.server.presence.Outbound.Advice;
import dev.presence.server.session.OpenCommand.Entry;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings new streams to their sessions: each waits for its turn, begins a session or carries one
 * on, and is handed to {@link Admission}. Belongs to the lane's loop.
 */
final class Entrance {

  private final LaneContext context;
  private final Lane lane;
  private final SessionRegistry registry;
  private final SignsOfLife signsOfLife;
  private final Admission admission;
  private final LaneDrain drain;
  private final LaneSessions sessions;
  private final RandomGenerator random;
  private final OpenQueue<Arrival> queue;

  /**
   * The entrance of one lane.
   *
   * @param room whether one more roster can be had soon
   * @param waitingOpens how many Opens may wait for their turn
   */
  Entrance(
      LaneContext context,
      SessionRegistry registry,
      SignsOfLife signsOfLife,
      Admission admission,
      LaneDrain drain,
      LaneSessions sessions,
      RandomGenerator random,
      BooleanSupplier room,
      int waitingOpens) {
    this.context = context;
    lane = context.lane();
    this.registry = registry;
    this.signsOfLife = signsOfLife;
    this.admission = admission;
    this.drain = drain;
    this.sessions = sessions;
    this.random = random;
    queue = new OpenQueue<>(context.loop(), waitingOpens, room, this::letIn, this::refuse);
  }

  /** A client asks for a session: it gets its turn. */
  void open(OpenCommand command, Attachment stream) {
    Arrival arrival = new Arrival(command, stream);
    stream.arrival = arrival;
    queue.enter(arrival, command.resume() != null);
  }

  /** Lets a stream in at once, should it wait for its turn. */
  void letIn(Attachment stream) {
    Arrival arrival = stream.arrival;
    if (arrival != null) {
      letIn(arrival);
    }
  }

  /** Lets all in at once: for when each is answered without work. */
  void openWide() {
    queue.open();
  }

  /** How many wait for their turn. */
  int waiting() {
    return queue.size();
  }

  private void refuse(Arrival arrival, long retryAfterMillis) {
    Attachment stream = arrival.stream;
    if (stream.arrival == arrival) {
      stream.arrival = null;
      stream.refuse(retryAfterMillis);
    }
  }

  private void letIn(Arrival arrival) {
    Attachment stream = arrival.stream;
    if (stream.arrival == arrival) {
      stream.arrival = null;
      admit(arrival.command, stream);
      arrival.tell(sessions);
    }
  }

  private void admit(OpenCommand command, Attachment stream) {
    if (stream.over) {
      return;
    }
    if (drain.isOn()) {
      stream.end(CloseReason.DRAINING, Advice.RECONNECT_ELSEWHERE);
      return;
    }
    if (!context.cluster().touch().takesStreams()) {
      stream.end(CloseReason.UNAVAILABLE, Advice.RECONNECT_ELSEWHERE);
      return;
    }
    UserId user = command.user();
    SessionId wanted = command.resume();
    stream.comesBack = wanted != null;
    Resumption resumption =
        Resumption.of(
            command,
            wanted == null ? null : registry.find(wanted),
            wanted == null ? null : lane.find(wanted, user),
            wanted == null ? 0 : lane.endedAt(wanted, user),
            context.cluster().stale() || !context.cluster().complete());
    switch (resumption) {
      case Resumption.Begin() -> begin(command, stream, null);
      case Resumption.BuryAndBegin(SessionId id) -> begin(command, stream, tombstone(id, command));
      case Resumption.Continue(Session session) -> resume(session, command, stream);
      case Resumption.TakeOver(SessionId id, SessionRecord known) -> {
        // Of the session, or of one that has ended, here or elsewhere: the newest stands.
        Wish wish = known == null ? lane.wish(user) : Wish.newer(known.wish(), lane.wish(user));
        Session session = add(id, wish, command);
        session.wishKnown = known != null;
        resume(session, command, stream);
      }
      case Resumption.Refuse() -> stream.end(CloseReason.REPLACED, Advice.STOP);
    }
  }

  private Session add(SessionId id, Wish wish, OpenCommand command) {
    Session session =
        new Session(
            id, command.user(), command.device(), command.attempt(), command.activity(), wish);
    registry.add(session);
    return session;
  }

  private void begin(OpenCommand command, Attachment stream, @Nullable SessionRecord predecessor) {
    SessionId id = SessionId.create(context.clock().nowMillis(), random);
    Session session = add(id, lane.wish(command.user()), command);
    session.predecessor = predecessor;
    session.hidden = command.entry() == Entry.HIDDEN_PAGE;
    attach(session, stream, command.entry());
    admission.begun(session, stream);
  }

  private void resume(Session session, OpenCommand command, Attachment stream) {
    session.attempt = command.attempt();
    session.activity = command.activity();
    session.hidden = command.entry() == Entry.HIDDEN_PAGE;
    attach(session, stream, command.entry());
    admission.resumed(session, stream);
  }

  /**
   * Ends, for all, an id that no one knows any more: should a node that was away still hold it, it
   * learns so.
   */
  private static SessionRecord tombstone(SessionId id, OpenCommand command) {
    return new SessionRecord(
        id,
        command.user(),
        command.device(),
        command.attempt(),
        Phase.CLOSED,
        command.activity(),
        Wish.NONE,
        0,
        CloseReason.REPLACED);
  }

  private void attach(Session session, Attachment stream, Entry entry) {
    Attachment before = session.attachment;
    if (before != null) {
      sessions.detach(session, before);
      before.end(CloseReason.REPLACED, Advice.STOP);
    }
    session.attachment = stream;
    session.attachedMillis = context.nowMillis();
    stream.session = session;
    signsOfLife.expect(session, stream);
    if (entry != Entry.APP) {
      signsOfLife.ping(session, stream);
    }
  }
}
