package dev.presence.server.session;

import dev.presence.server.model.CloseReason;
import dev.presence.server.model.DrainRules;
import dev.presence.server.presence.Outbound.Advice;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Empties a lane of its streams before the server ends: waits until whoever sends clients here has
 * noticed, then asks one client after the other to move, at the pace that other servers can take,
 * and sends away who has not moved when its time is over. Belongs to the lane's loop.
 */
final class LaneDrain {

  /** Within this time, at random, a client that is asked moves. */
  static final long MOVE_WITHIN_MILLIS = 2_000;

  /** Time for one try that is not answered, and another one. */
  static final long MOVE_PATIENCE_MILLIS = 5_000;

  private static final long TICK_MILLIS = 50;

  private final LaneContext context;
  private final SessionRegistry registry;
  private final Moves moves;
  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private final Deque<Session> unasked = new ArrayDeque<>();

  /** Who has been asked and may still be here, the earliest first. */
  private final Deque<Session> asked = new ArrayDeque<>();

  private boolean on;
  private long beganAskingMillis;
  private long askingMillis;
  private int toAsk;

  LaneDrain(LaneContext context, SessionRegistry registry, Moves moves) {
    this.context = context;
    this.registry = registry;
    this.moves = moves;
  }

  /** Whether the server is about to end: no new stream is taken. */
  boolean isOn() {
    return on;
  }

  /**
   * Begins, once. The stage completes when no stream is left.
   *
   * @param lanes how many lanes share the pace
   */
  CompletableFuture<Void> begin(DrainRules rules, int lanes) {
    if (!on) {
      on = true;
      if (registry.streams() == 0) {
        emptied.complete(null);
      } else {
        var _ = context.lane().schedule(rules.streamsEndWithin().toMillis(), this::hurry);
        var _ = context.lane().schedule(rules.notice().toMillis(), () -> ask(rules, lanes));
      }
    }
    return emptied;
  }

  /** Sends away at once whoever is left. */
  void hurry() {
    on = true;
    if (!emptied.isDone()) {
      for (Session session : registry.all()) {
        moves.sendAway(session, CloseReason.DRAINING, Advice.RECONNECT_ELSEWHERE);
      }
      emptied.complete(null);
    }
  }

  private void ask(DrainRules rules, int lanes) {
    Collection<Session> all = registry.all();
    unasked.addAll(all);
    toAsk = all.size();
    beganAskingMillis = context.nowMillis();
    long time =
        rules.streamsEndWithin().minus(rules.notice()).toMillis()
            - MOVE_WITHIN_MILLIS
            - MOVE_PATIENCE_MILLIS;
    askingMillis = Math.max(0, Math.min(time, 1_000L * lanes * toAsk / rules.pace()));
    tick();
  }

  private void tick() {
    if (emptied.isDone()) {
      return;
    }
    long elapsed = context.nowMillis() - beganAskingMillis + TICK_MILLIS;
    long due = elapsed >= askingMillis ? toAsk : toAsk * elapsed / askingMillis;
    while (toAsk - unasked.size() < due) {
      Session session = unasked.remove();
      Attachment stream = session.attachment;
      if (stream != null) {
        moves.move(
            session,
            stream,
            MOVE_WITHIN_MILLIS,
            MOVE_PATIENCE_MILLIS,
            CloseReason.DRAINING,
            Advice.RECONNECT_ELSEWHERE);
        asked.add(session);
      }
    }
    asked.removeIf(session -> session.attachment == null);
    if (unasked.isEmpty() && asked.isEmpty()) {
      emptied.complete(null);
    } else {
      var _ = context.lane().schedule(TICK_MILLIS, this::tick);
    }
  }
}
