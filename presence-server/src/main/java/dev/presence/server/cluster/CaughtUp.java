package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the question "have I seen all that had happened when I asked?": the heads of all live
 * nodes, asked for after the question, are applied. Which nodes are live is asked after it, too: a
 * client may have moved to one that we have not heard of. Topics have no order among each other, so
 * without this an owner's drop overtakes the new owner's add. One reading of the heads at a time,
 * for all who asked before it; at most 10 a second. Belongs to the cluster's loop.
 */
final class CaughtUp {

  private static final long INTERVAL_MILLIS = 100;

  /** How long a head may be ahead of us before we ask for what is missing. */
  private static final long PATIENCE_MILLIS = 500;

  /** What was read so long ago, or before a roll call that took so long, is old news. */
  private static final long OLD_MILLIS = 500;

  /** Where each reading takes that long, the last of so many counts. */
  private static final int MOST_AGAIN = 3;

  private final EventLoop loop;
  private final ClusterStore store;
  private final Membership membership;
  private final Contact contact;
  private final RollCall rollCall;

  private List<Runnable> asked = new ArrayList<>();
  private @Nullable Question question;
  private long lastReading = Long.MIN_VALUE / 2;
  private boolean scheduled;

  /** Those who wait for one reading, the heads that it showed, and in which time of contact. */
  private static final class Question {
    final List<Runnable> askers;
    @Nullable Map<NodeId, Head> heads;
    long askedMillis;
    long contact;
    int readings;
    int again;

    Question(List<Runnable> askers) {
      this.askers = askers;
    }
  }

  CaughtUp(
      EventLoop loop,
      ClusterStore store,
      Membership membership,
      Contact contact,
      RollCall rollCall) {
    this.loop = loop;
    this.store = store;
    this.membership = membership;
    this.contact = contact;
    this.rollCall = rollCall;
  }

  /** Runs {@code then} on this loop once everything that had happened by now is in the replica. */
  void ask(Runnable then) {
    asked.add(then);
    next();
  }

  private void next() {
    if (question != null || scheduled || asked.isEmpty()) {
      return;
    }
    scheduled = true;
    long wait = Math.max(0, lastReading + INTERVAL_MILLIS - loop.nowMillis());
    loop.schedule(
        wait,
        () -> {
          scheduled = false;
          lastReading = loop.nowMillis();
          Question next = new Question(asked);
          asked = new ArrayList<>();
          question = next;
          readHeads(next);
        });
  }

  private void readHeads(Question current) {
    current.askedMillis = loop.nowMillis();
    var _ =
        rollCall
            .ask()
            .thenCombine(store.heads(membership.live()), (called, heads) -> heads)
            .whenCompleteAsync((heads, failure) -> headsRead(current, heads, failure), loop);
  }

  /** Who was leaving when the heads were read may be back by now. */
  private void readHeadsAgain(Question current) {
    current.heads = null;
    current.askedMillis = loop.nowMillis();
    current.again++;
    var _ =
        store
            .heads(membership.live())
            .whenCompleteAsync((heads, failure) -> headsRead(current, heads, failure), loop);
  }

  private void headsRead(
      Question current, @Nullable Map<NodeId, Head> heads, @Nullable Throwable failure) {
    if (failure == null) {
      contact.answered(loop.nowMillis());
    }
    if (heads == null || !membership.storeHasAll(heads)) {
      loop.schedule(INTERVAL_MILLIS, () -> readHeads(current));
      return;
    }
    current.heads = heads;
    current.contact = contact.interruptions();
    check();
    int reading = ++current.readings;
    loop.schedule(PATIENCE_MILLIS, () -> impatient(current, reading));
  }

  /** How many wait for an answer. */
  int waiting() {
    return asked.size() + (question == null ? 0 : question.askers.size());
  }

  /**
   * Something was applied, or a node left: perhaps this was what was missing. What was asked before
   * contact was lost is asked again: meanwhile others may have greeted those who are leaving.
   */
  void check() {
    Question current = question;
    if (current == null || current.heads == null) {
      return;
    }
    if (current.contact != contact.interruptions()) {
      current.heads = null;
      readHeads(current);
      return;
    }
    for (Map.Entry<NodeId, Head> head : current.heads.entrySet()) {
      if (!membership.reached(head.getKey(), head.getValue())) {
        return;
      }
    }
    if (loop.nowMillis() - current.askedMillis > OLD_MILLIS && current.again < MOST_AGAIN) {
      readHeadsAgain(current);
      return;
    }
    question = null;
    current.askers.forEach(Runnable::run);
    next();
  }

  private void impatient(Question current, int reading) {
    if (question == current && current.readings == reading && current.heads != null) {
      current.heads.forEach(membership::repairUnlessReached);
      loop.schedule(PATIENCE_MILLIS, () -> impatient(current, reading));
    }
  }
}
