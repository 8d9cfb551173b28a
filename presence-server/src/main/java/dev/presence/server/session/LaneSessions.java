package dev.presence.server.session;

import dev.presence.server.cluster.Touch;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.presence.Lane;
import dev.presence.server.presence.LocalSessions;
import dev.presence.server.presence.Outbound.Advice;
import dev.presence.server.session.CallRouter.Whereabouts;
import java.util.concurrent.CompletableFuture;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one lane's users and their life: CONNECTED → SUSPENDED → CLOSED. Every transition
 * is one of {@link Entrance#attach}, {@link #suspend}, {@link #close} and {@link #handOver}.
 * Belongs to the lane's loop.
 */
final class LaneSessions implements LocalSessions {

  private static final Logger log = LoggerFactory.getLogger(LaneSessions.class);

  private final LaneContext context;
  private final Lane lane;
  private final Timings timings;
  private final WishLog wishes;
  private final SessionRegistry registry = new SessionRegistry();
  private final SignsOfLife signsOfLife;
  private final Admission admission;
  private final PageDesk calls;
  private final GracePeriods gracePeriods;
  private final Evacuation evacuation;
  private final LaneDrain drain;
  private final Entrance entrance;

  /**
   * The sessions of one lane.
   *
   * @param waitingOpens how many Opens may wait for their turn here
   */
  LaneSessions(
      LaneContext context,
      SnapshotFeeder snapshots,
      WishLog wishes,
      RandomGenerator random,
      int waitingOpens) {
    this.context = context;
    this.wishes = wishes;
    lane = context.lane();
    timings = context.timings();
    signsOfLife = new SignsOfLife(context, this::silent);
    admission = new Admission(context, snapshots, this::suspend);
    calls = new PageDesk(context, registry, signsOfLife, this);
    gracePeriods = new GracePeriods(context, registry, this::close);
    Moves moves = new Moves(context, this::suspend);
    evacuation = new Evacuation(context, registry, admission, moves);
    drain = new LaneDrain(context, registry, moves);
    var _ = new StreamLife(context, registry, moves);
    entrance =
        new Entrance(
            context,
            registry,
            signsOfLife,
            admission,
            drain,
            this,
            random,
            snapshots::hasRoom,
            waitingOpens);
  }

  void run(Runnable task) {
    lane.run(task);
  }

  long nowMillis() {
    return context.nowMillis();
  }

  // Opening.

  void open(OpenCommand command, Attachment stream) {
    entrance.open(command, stream);
  }

  // Living.

  void updateStatus(
      Attachment stream,
      @Nullable Activity activity,
      @Nullable Availability availability,
      long wishAtMillis) {
    if (stream.arrival != null) {
      stream.arrival.updateStatus(activity, availability, wishAtMillis);
      return;
    }
    Session session = stream.session;
    if (session == null || session.attachment != stream) {
      return;
    }
    if (activity != null) {
      session.activity = activity;
    }
    if (availability != null) {
      Wish wish =
          new Wish(availability, wishAtMillis == 0 ? context.clock().nowMillis() : wishAtMillis);
      wishes.keep(session.user, wish);
      session.wish = Wish.newer(session.wish, wish);
      adoptWish(session.user, session.wish);
    }
    if (session.announced) {
      context.publish(session, null);
    }
  }

  /** Every session of a user carries the newest wish, so that it outlives the one that made it. */
  private void adoptWish(UserId user, Wish wish) {
    for (Session session : registry.of(user)) {
      if (wish.atMillis() > session.wish.atMillis()) {
        session.wish = wish;
        if (session.announced) {
          context.publish(session, null);
        }
      }
    }
  }

  /** Takes a call of a client without a stream up, or says where its session is. */
  Whereabouts take(SessionCall call) {
    return calls.take(call);
  }

  private void silent(Session session, Attachment stream) {
    suspend(session, CloseReason.HEARTBEAT_TIMEOUT);
    stream.end(CloseReason.HEARTBEAT_TIMEOUT, Advice.RECONNECT);
  }

  // Losing and leaving.

  void lost(Attachment stream) {
    stream.over = true;
    Session session = stream.session;
    if (session != null && session.attachment == stream) {
      suspend(session, CloseReason.CONNECTION_LOST);
    }
  }

  void signOut(Attachment stream) {
    entrance.letIn(stream); // if it waits: whoever leaves makes room
    Session session = stream.session;
    if (session != null && session.attachment == stream) {
      close(session, CloseReason.SIGNED_OUT);
    }
    stream.end(CloseReason.SIGNED_OUT, Advice.STOP);
  }

  void suspend(Session session, CloseReason reason) {
    Attachment stream = session.attachment;
    if (stream == null) {
      return;
    }
    detach(session, stream);
    if (!session.announced) {
      registry.remove(session);
      return;
    }
    gracePeriods.begin(session, reason);
  }

  void close(Session session, CloseReason reason) {
    Attachment stream = session.attachment;
    if (stream != null) {
      detach(session, stream);
    }
    registry.remove(session);
    if (session.announced) {
      long lastSign = context.clock().at(session.lastSign());
      context.bury(session.record(lastSign).closed(reason, lastSign));
    }
  }

  /**
   * Another node carries the session on, or knows that it has ended: our copy goes without event
   * and without a history row.
   */
  private void handOver(Session session, Wish known) {
    Attachment stream = session.attachment;
    if (stream != null) {
      detach(session, stream);
      stream.end(CloseReason.REPLACED, Advice.STOP);
    }
    registry.remove(session);
    lane.ownMoved(session.id, session.user);
    if (session.wish.atMillis() > known.atMillis()) {
      // Made here while the new owner could not hear it: our last word carries it there. It ends
      // only what is of our attempt.
      SessionRecord last = session.record(context.clock().at(session.lastSign()));
      context.bury(last.closed(CloseReason.REPLACED, last.lastSignOfLifeMillis()));
    } else {
      context.cluster().remove(new SessionKey(session.id, session.user));
    }
  }

  private void signedOutElsewhere(Session session, SessionRecord record) {
    Attachment stream = session.attachment;
    if (stream != null) {
      detach(session, stream);
      stream.end(CloseReason.SIGNED_OUT, Advice.STOP);
    }
    long heard = record.lastSignOfLifeMillis() - context.clock().at(0);
    session.lastSignMillis = Math.max(session.lastSignMillis, heard);
    close(session, CloseReason.SIGNED_OUT);
  }

  void detach(Session session, Attachment stream) {
    signsOfLife.forget(stream);
    session.lastSignMillis = stream.lastMessageMillis();
    session.attachment = null;
    admission.forget(stream);
  }

  /** Begins to empty this lane, see {@link LaneDrain#begin}. */
  CompletableFuture<Void> drain(DrainRules rules, int lanes) {
    CompletableFuture<Void> emptied = drain.begin(rules, lanes);
    entrance.openWide();
    return emptied;
  }

  /** Ends all streams at once. */
  void hurry() {
    drain.hurry();
    entrance.openWide();
  }

  /** How many streams there are. */
  int streams() {
    return registry.streams();
  }

  /** How this server stands with the store has changed. */
  void touched(Touch touch) {
    evacuation.touched(touch);
    if (!touch.takesStreams()) {
      entrance.openWide();
    }
  }

  // What others say.

  @Override
  public void heard(NodeId node, SessionRecord record) {
    Session session = registry.find(record.id());
    if (session != null && session.user.equals(record.user())) {
      boolean ended = record.phase() == Phase.CLOSED && record.attempt() >= session.attempt;
      if (ended && record.closeReason() == CloseReason.REPLACED) {
        // Buried by a node that did not know of us: the history is still ours to write.
        Attachment stream = session.attachment;
        close(session, session.suspendReason);
        if (stream != null) {
          stream.end(CloseReason.REPLACED, Advice.STOP);
        }
      } else if (ended || record.attempt() > session.attempt) {
        log.atDebug().addKeyValue("session", session.id).addKeyValue("node", node).log("moved");
        handOver(session, record.wish());
      } else if (record.closeReason() == CloseReason.SIGNED_OUT) {
        // On a stream that it was about to leave for one of ours: whoever signs out does not stay.
        signedOutElsewhere(session, record);
      }
    }
    adoptWish(record.user(), record.wish());
  }

  @Override
  public void staleness(boolean stale, long asOfMillis) {
    for (Session session : registry.all()) {
      Attachment stream = session.attachment;
      if (stream != null && stream.greeted) {
        admission.sayState(stream);
      }
    }
  }

  @Override
  public void backFromLost() {
    long spokenSince =
        nowMillis() - timings.heartbeatInterval().toMillis() - Timings.REPLY_TIMEOUT_MILLIS;
    for (Session session : registry.all()) {
      Attachment stream = session.attachment;
      // One that is suspended may have ended elsewhere since, which is forgotten by now.
      boolean old = stream == null && session.attachedMillis < spokenSince;
      if (old || session.lastSign() < spokenSince) {
        close(session, CloseReason.NODE_LOST);
        if (stream != null) {
          stream.end(CloseReason.NODE_LOST, Advice.RECONNECT);
        }
      }
    }
  }

  @Override
  public void sizes(ObjIntConsumer<String> each) {
    each.accept("sessions", registry.size());
    each.accept("waiting opens", entrance.waiting());
  }
}
