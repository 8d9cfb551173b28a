package dev.presence.server.cluster;

import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.Timings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's right to have its sessions counted: renewed each second, and with each answer what
 * all nodes say of themselves is taken in, and whether the store still has what we wrote. Belongs
 * to the cluster's loop.
 */
final class Lease {

  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  /** Behind for longer than this, a node stops renewing: others are better off without it. */
  private static final long BEHIND_LIMIT_MILLIS = 5_000;

  /** A change that waits for longer than this makes the node say that it is behind. */
  private static final long BEHIND_MILLIS = 1_000;

  /**
   * How far our shared clock may be ahead of the store's without pushing it: else the fastest of
   * all servers' clocks would drive it ahead.
   */
  private static final long CLOCK_MARGIN_MILLIS = 100;

  /** An answer that took longer does not tell the time: we may have been paused meanwhile. */
  private static final long PROMPT_MILLIS = 1_000;

  /** By so long after the handover the others have dropped what a node had. */
  private static final long VERDICT_MILLIS = 2_000;

  /** How often a node that ends tries to renew once more. */
  private static final int LAST_TRIES = 3;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final String address;
  private final Timings timings;
  private final SharedClock clock;
  private final Contact contact;
  private final Publisher publisher;
  private final Membership membership;
  private final ReplicaSink sink;
  private final BooleanSupplier serving;
  private final Runnable onRenewed;
  private final RollCall rollCall = new RollCall(this::renewNow);

  private long regainsSeen;

  /** When our lease ends, by the last renewal; 0 before the first. */
  private long deadlineMillis;

  /** When it was our turn to renew last; this process may have been stopped since. */
  private long lastTurnMillis;

  /** When we renewed last, by the loop's clock, and in which epoch. */
  private long renewedMillis;

  private long renewedEpoch;

  /** This process was stopped for so long that the others have dropped what it had. */
  private boolean outlived;

  /** We were too far behind when it was our turn to renew. */
  private boolean heldBack;

  /** What the last renewal said of whom we count. */
  private boolean saidThatItCountsMore;

  private boolean registered;
  private boolean renewing;

  /** The newest renewal; complete when its answer has been taken in, or none came. */
  private CompletionStage<Void> underWay = CompletableFuture.completedFuture(null);

  private boolean returning;

  /** It is let in as soon as its part stands in the store. */
  private boolean writingAgain;

  private boolean draining;
  private boolean ended;

  /**
   * A lease that is not held yet.
   *
   * @param serving whether this server has begun to serve
   * @param onRenewed runs after each answer that has been taken in
   */
  Lease(
      EventLoop loop,
      ClusterStore store,
      NodeId self,
      String address,
      Timings timings,
      SharedClock clock,
      Contact contact,
      Publisher publisher,
      Membership membership,
      ReplicaSink sink,
      BooleanSupplier serving,
      Runnable onRenewed) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    this.address = address;
    this.timings = timings;
    this.clock = clock;
    this.contact = contact;
    this.publisher = publisher;
    this.membership = membership;
    this.sink = sink;
    this.serving = serving;
    this.onRenewed = onRenewed;
    lastTurnMillis = loop.nowMillis();
  }

  /** Who asks what all nodes say of themselves, asks here. */
  RollCall rollCall() {
    return rollCall;
  }

  /** Says from the next renewal on that this node is being emptied. */
  void drain() {
    draining = true;
  }

  /** Renews from now on until {@link #end}. */
  void renew() {
    if (ended) {
      return;
    }
    loop.schedule(timings.renewInterval().toMillis(), this::renew);
    long stoodStill = loop.nowMillis() - lastTurnMillis;
    lastTurnMillis = loop.nowMillis();
    outlived |=
        stoodStill > timings.leasePeriod().plus(timings.handover()).toMillis() + VERDICT_MILLIS;
    renewNow();
  }

  /**
   * The lease then runs out by itself. What is left of this node's sessions counts from then on for
   * the handover: so a node that could not renew lately tries to do so once more. The stage
   * completes when that is over.
   */
  CompletionStage<Void> end() {
    ended = true;
    return underWay.thenComposeAsync(before -> renewOnceMore(LAST_TRIES), loop);
  }

  private CompletionStage<Void> renewOnceMore(int tries) {
    boolean late =
        loop.nowMillis() - renewedMillis > 2 * timings.renewInterval().toMillis()
            && registered
            && !returning;
    if (!late || tries == 0) {
      return CompletableFuture.completedFuture(null);
    }
    sendRenewal();
    return underWay.thenComposeAsync(before -> renewOnceMore(tries - 1), loop);
  }

  private void renewNow() {
    if (renewing) {
      return;
    }
    heldBack = publisher.behindMillis() > BEHIND_LIMIT_MILLIS;
    if (ended || returning || heldBack) {
      rollCall.failed("this node does not renew now");
    } else {
      sendRenewal();
    }
  }

  /**
   * The store has what was published: who was too far behind need not wait for the next turn, nor
   * who has written its part again.
   */
  void acknowledged() {
    if (writingAgain && publisher.established()) {
      writingAgain = false;
      returning = false;
      sendRenewal();
    } else if (heldBack) {
      renewNow();
    }
  }

  private void sendRenewal() {
    renewing = true;
    rollCall.sent();
    long sentMillis = loop.nowMillis();
    Position acknowledged = publisher.acknowledged();
    boolean behind =
        publisher.behindMillis() > BEHIND_MILLIS || (registered && publisher.rewriting());
    saidThatItCountsMore = countsMore();
    NodeRecord record =
        new NodeRecord(
            self,
            0,
            false,
            acknowledged,
            address,
            publisher.size(),
            behind,
            saidThatItCountsMore,
            serving.getAsBoolean(),
            draining);
    underWay =
        store
            .renew(
                record, timings.leasePeriod().toMillis(), clock.nowMillis() - CLOCK_MARGIN_MILLIS)
            .whenCompleteAsync(
                (renewal, failure) -> renewed(acknowledged, sentMillis, renewal, failure), loop)
            .handle((renewal, failure) -> null);
  }

  private void renewed(
      Position acknowledged,
      long sentMillis,
      @Nullable Renewal renewal,
      @Nullable Throwable failure) {
    renewing = false;
    if (ended) {
      boolean done = renewal != null && renewal.outcome() != RenewalOutcome.LOST;
      renewedMillis = done ? loop.nowMillis() : renewedMillis;
      rollCall.failed("this node has ended");
      return;
    }
    if (renewal == null) {
      log.atDebug().setCause(failure).log("renewing got no answer");
      rollCall.failed("renewing got no answer");
      return;
    }
    contact.answered(loop.nowMillis());
    // A store with a faster clock has taken over: by it every lease looks older than it is.
    boolean jumped = renewal.nowMillis() - clock.nowMillis() > timings.leasePeriod().toMillis();
    boolean prompt = loop.nowMillis() - sentMillis <= PROMPT_MILLIS;
    if (prompt || renewal.nowMillis() > clock.nowMillis()) {
      clock.set(renewal.nowMillis());
    }
    NodeRecord stored = renewal.nodes().get(self);
    long deadline = stored == null ? 0 : stored.leaseDeadlineMillis();
    if (renewal.outcome() == RenewalOutcome.LOST) {
      comeBack(deadline < deadlineMillis);
      rollCall.failed("this node was taken for lost");
      return;
    }
    boolean markGone =
        renewal.outcome() == RenewalOutcome.REGISTERED || acknowledged.epoch() > renewedEpoch;
    if (outlived && registered && markGone) {
      // We were lost all the same. Since then we have been finished, or an epoch has let us in
      // that we were about to begin when we were stopped.
      outlived = false;
      comeBack(false);
      rollCall.failed("this node was lost while it was stopped");
      return;
    }
    outlived = false;
    renewedEpoch = acknowledged.epoch();
    renewedMillis = loop.nowMillis();
    deadlineMillis = deadline;
    boolean historyLost = historyLost(acknowledged, renewal);
    registered = true;
    // By whatever answer: the first one after an outage is seldom a renewal.
    boolean regained = contact.regains() != regainsSeen;
    regainsSeen = contact.regains();
    if (regained) {
      membership.contactRegained();
    }
    membership.renewed(renewal.nodes(), renewal.nowMillis(), regained || jumped || historyLost);
    if (historyLost) {
      publisher.rewrite(0);
    }
    onRenewed.run();
    rollCall.takenIn();
    if (!saidThatItCountsMore && countsMore()) {
      // Who starts just now is to know.
      renewNow();
    }
  }

  private boolean countsMore() {
    boolean regaining = !contact.inContact(loop.nowMillis()) || contact.regains() != regainsSeen;
    return membership.countsMore(clock.nowMillis(), regaining);
  }

  /** Whether the store has less than it had acknowledged when the renewal was sent. */
  private boolean historyLost(Position acknowledged, Renewal renewal) {
    return acknowledged.epoch() > 0
        && ((renewal.outcome() == RenewalOutcome.REGISTERED && registered)
            || renewal.ownHead() == null
            || !renewal.ownHead().reached(acknowledged));
  }

  /**
   * Others took us for lost, and dropped our sessions: those that still live are written again in a
   * new epoch, which lets us back in.
   *
   * @param oldMark we have renewed since the mark was made, and the store was rolled back to it: of
   *     the others nobody has dropped anything
   */
  private void comeBack(boolean oldMark) {
    if (returning) {
      return;
    }
    returning = true;
    log.atWarn().addKeyValue("oldMark", oldMark).log("this node was taken for lost");
    contact.interrupt(loop.nowMillis());
    Runnable writeAgain =
        () -> {
          writingAgain = true;
          publisher.rewrite(0);
        };
    if (oldMark) {
      writeAgain.run();
    } else {
      sink.backFromLost(() -> loop.execute(writeAgain));
    }
  }
}
