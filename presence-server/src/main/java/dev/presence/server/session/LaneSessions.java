package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Removal;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Timings;
import dev.presence.server.model.Wish;
import dev.presence.server.presence.Lane;
import dev.presence.server.presence.Lanes;
import dev.presence.server.presence.LocalSessions;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.Outbound.Advice;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one lane's users and their life: CONNECTED → SUSPENDED → CLOSED. Every transition
 * goes through one of {@link #attach}, {@link #suspend}, {@link #close} and {@link #handOver}.
 * Belongs to the lane's loop.
 */
final class LaneSessions implements LocalSessions {

  private static final Logger log = LoggerFactory.getLogger(LaneSessions.class);

  /**
   * How long a new session waits for its user's stored wish, so that one who is busy does not flash
   * up as online.
   */
  private static final long WISH_TIMEOUT_MILLIS = 250;

  /** How long grace periods are held while the store is away. */
  private static final long MAX_HOLD_MILLIS = 600_000;

  private static final long GRACE_CHECK_MILLIS = 50;
  private static final long ROSTER_RETRY_MILLIS = 1_000;

  private final Lane lane;
  private final Lanes lanes;
  private final Cluster cluster;
  private final SnapshotFeeder snapshots;
  private final WishLog wishes;
  private final SharedClock clock;
  private final Timings timings;
  private final RandomGenerator random;
  private final SessionRegistry registry = new SessionRegistry();
  private final PauseWatch pauses;

  LaneSessions(
      Lane lane,
      Lanes lanes,
      Cluster cluster,
      SnapshotFeeder snapshots,
      WishLog wishes,
      SharedClock clock,
      Timings timings,
      RandomGenerator random) {
    this.lane = lane;
    this.lanes = lanes;
    this.cluster = cluster;
    this.snapshots = snapshots;
    this.wishes = wishes;
    this.clock = clock;
    this.timings = timings;
    this.random = random;
    pauses = new PauseWatch(lane.loop());
  }

  void run(Runnable task) {
    lane.run(task);
  }

  long nowMillis() {
    return lane.loop().nowMillis();
  }

  // Opening.

  void open(OpenCommand command, Attachment stream) {
    if (stream.over) {
      return;
    }
    SessionId wanted = command.resume();
    if (wanted == null) {
      begin(command, stream);
      return;
    }
    Session local = registry.find(wanted);
    SessionRecord known = lane.find(wanted, command.user());
    int highest = known == null ? 0 : known.attempt();
    if (local != null && local.user.equals(command.user())) {
      highest = Math.max(highest, local.attempt);
    } else {
      local = null;
    }
    if (highest >= command.attempt()) {
      end(stream, CloseReason.REPLACED, Advice.STOP);
    } else if (local != null) {
      resume(local, command, stream);
    } else if (known != null) {
      resume(adopt(known.id(), known.wish(), command), command, stream);
    } else if (lane.closedAttempt(wanted, command.user()) > 0) {
      begin(command, stream);
    } else if (cluster.stale() || !cluster.complete()) {
      resume(adopt(wanted, lane.wish(command.user()), command), command, stream);
    } else {
      bury(wanted, command);
      begin(command, stream);
    }
  }

  private Session adopt(SessionId id, Wish wish, OpenCommand command) {
    Session session =
        new Session(
            id, command.user(), command.device(), command.attempt(), command.activity(), wish);
    registry.add(session);
    return session;
  }

  private void resume(Session session, OpenCommand command, Attachment stream) {
    session.attempt = command.attempt();
    session.activity = command.activity();
    attach(session, stream);
    announce(session, stream, true);
    feed(session, stream);
  }

  private void begin(OpenCommand command, Attachment stream) {
    Session session =
        adopt(SessionId.create(clock.nowMillis(), random), lane.wish(command.user()), command);
    attach(session, stream);
    var settled = snapshots.wish(command.user());
    Runnable announce =
        () -> {
          if (session.attachment == stream && !session.announced) {
            announce(session, stream, false);
          }
        };
    lane.schedule(WISH_TIMEOUT_MILLIS, announce);
    var _ =
        settled.whenComplete(
            (wish, failure) ->
                run(
                    () -> {
                      if (failure == null) {
                        learn(session, wish);
                      }
                      announce.run();
                    }));
    feed(session, stream);
  }

  /** The stored wish of a session's user has become known. */
  private void learn(Session session, Wish wish) {
    Wish newest = Wish.newer(session.wish, Wish.newer(wish, lane.wish(session.user)));
    if (!newest.equals(session.wish) && registry.holds(session)) {
      session.wish = newest;
      if (session.announced) {
        publish(session);
      }
    }
  }

  /**
   * Ends, for all, an id that no one knows any more: should a node that was away still hold it, it
   * learns so.
   */
  private void bury(SessionId id, OpenCommand command) {
    SessionRecord buried =
        new SessionRecord(
            id,
            command.user(),
            command.device(),
            command.attempt(),
            Phase.CLOSED,
            command.activity(),
            Wish.NONE,
            0,
            CloseReason.REPLACED);
    lane.own(buried);
    cluster.publish(buried, null);
    forgetLater(buried);
  }

  private void attach(Session session, Attachment stream) {
    Attachment before = session.attachment;
    if (before != null) {
      detach(session, before);
      end(before, CloseReason.REPLACED, Advice.STOP);
    }
    session.attachment = stream;
    stream.session = session;
    lane.schedule(timings.heartbeatTimeout().toMillis(), () -> checkHeartbeat(session, stream));
  }

  private void announce(Session session, Attachment stream, boolean resumed) {
    session.announced = true;
    SessionRecord record = session.record(clock.at(session.lastSign()));
    lane.own(record);
    cluster.publish(record, () -> run(() -> greet(session, stream, resumed)));
    if (!cluster.contact().inContact(nowMillis())) {
      greet(session, stream, resumed);
    } else {
      lane.schedule(timings.helloTimeout().toMillis(), () -> giveUp(session, stream, resumed));
    }
  }

  private void greet(Session session, Attachment stream, boolean resumed) {
    if (session.attachment == stream && !stream.greeted) {
      stream.greeted = true;
      stream
          .outbox()
          .hello(
              new Outbound.Hello(
                  session.id, resumed, clock.nowMillis(), session.wish.availability()));
      if (cluster.stale()) {
        stream
            .outbox()
            .serverState(
                new Outbound.ServerState(
                    true, cluster.completeUntilMillis(), stream.rosterPending));
      }
      stream.outbox().flush();
    }
  }

  /**
   * The session could not be made known in time. If that is because the store is away for all,
   * hello is said all the same.
   */
  private void giveUp(Session session, Attachment stream, boolean resumed) {
    if (session.attachment != stream || stream.greeted) {
      return;
    }
    if (cluster.contact().inContact(nowMillis())) {
      end(stream, CloseReason.UNAVAILABLE, Advice.RECONNECT_ELSEWHERE);
      suspend(session, CloseReason.CONNECTION_LOST);
    } else {
      greet(session, stream, resumed);
    }
  }

  private void feed(Session session, Attachment stream) {
    var _ =
        snapshots
            .feed(session.user, stream.outbox())
            .whenComplete((done, failure) -> run(() -> fed(session, stream, failure)));
  }

  private void fed(Session session, Attachment stream, @Nullable Throwable failure) {
    if (session.attachment != stream) {
      // It ended meanwhile; its interest may have been registered after that.
      lanes.unwatch(stream.outbox());
      return;
    }
    boolean pending = failure != null;
    if (pending != stream.rosterPending) {
      stream.rosterPending = pending;
      say(stream);
    }
    if (pending) {
      lane.schedule(
          ROSTER_RETRY_MILLIS,
          () -> {
            if (session.attachment == stream) {
              feed(session, stream);
            }
          });
    }
  }

  // Living.

  void updateStatus(
      Attachment stream, @Nullable Activity activity, @Nullable Availability availability) {
    Session session = stream.session;
    if (session == null || session.attachment != stream) {
      return;
    }
    if (availability != null) {
      Wish wish = new Wish(availability, clock.nowMillis());
      wishes.keep(session.user, wish);
      for (Session other : registry.of(session.user)) {
        adoptWish(other, wish, other != session);
      }
    }
    if (activity != null) {
      session.activity = activity;
    }
    if (session.announced) {
      publish(session);
    }
  }

  private void adoptWish(Session session, Wish wish, boolean tell) {
    if (wish.atMillis() > session.wish.atMillis()) {
      session.wish = wish;
      if (tell && session.announced) {
        publish(session);
      }
    }
  }

  private void publish(Session session) {
    SessionRecord record = session.record(clock.at(session.lastSign()));
    lane.own(record);
    cluster.publish(record, null);
  }

  private void checkHeartbeat(Session session, Attachment stream) {
    if (session.attachment != stream) {
      return;
    }
    long left =
        pauses.pushed(stream.lastMessageMillis())
            + timings.heartbeatTimeout().toMillis()
            - nowMillis();
    if (left > 0) {
      lane.schedule(left, () -> checkHeartbeat(session, stream));
    } else {
      suspend(session, CloseReason.HEARTBEAT_TIMEOUT);
      end(stream, CloseReason.HEARTBEAT_TIMEOUT, Advice.RECONNECT);
    }
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
    Session session = stream.session;
    if (session != null && session.attachment == stream) {
      close(session, CloseReason.SIGNED_OUT);
    }
    end(stream, CloseReason.SIGNED_OUT, Advice.STOP);
  }

  private void suspend(Session session, CloseReason reason) {
    Attachment stream = session.attachment;
    if (stream == null) {
      return;
    }
    session.lastSignMillis = stream.lastMessageMillis();
    detach(session, stream);
    if (!session.announced) {
      registry.remove(session);
      return;
    }
    session.suspendReason = reason;
    session.suspendedAtMillis = nowMillis();
    session.graceStartMillis = cluster.contact().graceTime(nowMillis());
    publish(session);
    int attempt = session.attempt;
    lane.schedule(timings.gracePeriod().toMillis(), () -> checkGrace(session, attempt));
  }

  private void checkGrace(Session session, int attempt) {
    if (session.attachment != null || session.attempt != attempt || !registry.holds(session)) {
      return;
    }
    long grace = timings.gracePeriod().toMillis();
    long now = nowMillis();
    long left = session.graceStartMillis + grace - cluster.contact().graceTime(now);
    if (left <= 0) {
      close(session, session.suspendReason);
    } else if (now - session.suspendedAtMillis > grace + MAX_HOLD_MILLIS) {
      close(session, session.suspendReason);
      lane.unknown(session.user);
    } else {
      lane.schedule(Math.max(GRACE_CHECK_MILLIS, left), () -> checkGrace(session, attempt));
    }
  }

  private void close(Session session, CloseReason reason) {
    long lastSign = clock.at(session.lastSign());
    Attachment stream = session.attachment;
    if (stream != null) {
      detach(session, stream);
    }
    registry.remove(session);
    if (session.announced) {
      SessionRecord closed = session.record(lastSign).closed(reason, lastSign);
      lane.own(closed);
      cluster.publish(closed, null);
      forgetLater(closed);
    }
  }

  private void forgetLater(SessionRecord closed) {
    lane.schedule(
        timings.tombstonePeriod().toMillis(),
        () -> cluster.remove(new Removal(closed.id(), closed.user())));
  }

  /**
   * Another node carries the session on, or knows that it has ended: our copy goes without event
   * and without a history row.
   */
  private void handOver(Session session) {
    Attachment stream = session.attachment;
    if (stream != null) {
      detach(session, stream);
      end(stream, CloseReason.REPLACED, Advice.STOP);
    }
    registry.remove(session);
    lane.ownMoved(session.id, session.user);
    cluster.remove(new Removal(session.id, session.user));
  }

  private void detach(Session session, Attachment stream) {
    session.lastSignMillis = stream.lastMessageMillis();
    session.attachment = null;
    lanes.unwatch(stream.outbox());
  }

  private static void end(Attachment stream, CloseReason reason, Advice advice) {
    stream.over = true;
    stream.outbox().close(new Outbound.Closed(reason, advice));
    stream.outbox().flush();
  }

  void drain() {
    for (Session session : registry.all()) {
      Attachment stream = session.attachment;
      if (stream != null) {
        suspend(session, CloseReason.CONNECTION_LOST);
        end(stream, CloseReason.DRAINING, Advice.RECONNECT_ELSEWHERE);
      }
    }
  }

  // What others say.

  @Override
  public void heard(NodeId node, SessionRecord record) {
    Session session = registry.find(record.id());
    if (session != null && session.user.equals(record.user())) {
      boolean newer = record.attempt() > session.attempt;
      boolean ended = record.phase() == Phase.CLOSED && record.attempt() == session.attempt;
      if (newer || ended) {
        log.atDebug().addKeyValue("session", session.id).addKeyValue("node", node).log("moved");
        handOver(session);
      }
    }
    if (record.phase() != Phase.CLOSED) {
      for (Session local : registry.of(record.user())) {
        adoptWish(local, record.wish(), true);
      }
    }
  }

  @Override
  public void staleness(boolean stale, long asOfMillis) {
    for (Session session : registry.all()) {
      if (session.attachment != null && session.attachment.greeted) {
        say(session.attachment);
      }
    }
  }

  private void say(Attachment stream) {
    stream
        .outbox()
        .serverState(
            new Outbound.ServerState(
                cluster.stale(), cluster.completeUntilMillis(), stream.rosterPending));
    stream.outbox().flush();
  }

  @Override
  public void backFromLost() {
    long spokenSince =
        nowMillis() - timings.heartbeatInterval().toMillis() - Timings.REPLY_TIMEOUT_MILLIS;
    for (Session session : List.copyOf(registry.all())) {
      if (session.attachment == null || session.lastSign() < spokenSince) {
        Attachment stream = session.attachment;
        close(session, CloseReason.NODE_LOST);
        if (stream != null) {
          end(stream, CloseReason.NODE_LOST, Advice.RECONNECT);
        }
      }
    }
  }
}
