package dev.presence.server.cluster;

import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the others: it keeps the lease, publishes this node's part and takes in the
 * others'. All state belongs to one loop; the public methods may be called from any thread and do
 * not block.
 */
public final class Cluster {

  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  private static final long WATCH_MILLIS = 250;
  private static final long FLUSH_CHECK_MILLIS = 10;

  /** Behind for longer than this, a node stops renewing: others are better off without it. */
  private static final long BEHIND_LIMIT_MILLIS = 5_000;

  /** A change that waits for longer than this makes the node say that it is behind. */
  private static final long BEHIND_MILLIS = 1_000;

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final String address;
  private final Timings timings;
  private final ReplicaSink sink;
  private final SharedClock clock;
  private final Contact contact = new Contact();
  private final Publisher publisher;
  private final Membership membership;
  private final RollCall rollCall = new RollCall(this::renewNow);
  private final CaughtUp caughtUp;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private volatile boolean stale = true;
  private volatile boolean complete;
  private volatile long completeUntilMillis;
  private long regainsSeen;
  private boolean renewing;
  private boolean catchingUp;
  private boolean returning;
  private boolean ended;
  private long lastWatch;

  /**
   * Builds the cluster; {@link #start} makes it work.
   *
   * @param address of this node's internal port, empty where it has none
   * @param clock set from the store's answers
   */
  public Cluster(
      EventLoop loop,
      ClusterStore store,
      ChangeTopic topic,
      NodeId self,
      String address,
      Timings timings,
      SharedClock clock,
      ReplicaSink sink,
      ClusterEvents events) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    this.address = address;
    this.timings = timings;
    this.clock = clock;
    this.sink = sink;
    publisher = new Publisher(loop, store, self, contact, events::published);
    membership =
        new Membership(
            loop,
            store,
            self,
            timings,
            contact,
            sink,
            events,
            node -> new Feed(loop, store, topic, node, contact, sink, this::progress));
    caughtUp = new CaughtUp(loop, store, membership, contact, rollCall);
  }

  /**
   * Begins to renew. The stage completes when this node's part stands in the store and all others
   * have been read: it may serve.
   */
  public CompletionStage<Void> start() {
    loop.execute(
        () -> {
          lastWatch = loop.nowMillis();
          publisher.rewrite(0);
          renew();
          watch();
        });
    return ready;
  }

  private void progress() {
    complete = membership.complete();
    caughtUp.check();
    becomeReady();
  }

  private void becomeReady() {
    if (!ready.isDone() && !stale && publisher.established() && complete) {
      ready.complete(null);
    }
  }

  private void renew() {
    if (ended) {
      return;
    }
    loop.schedule(timings.renewInterval().toMillis(), this::renew);
    renewNow();
  }

  private void renewNow() {
    if (renewing) {
      return;
    }
    if (ended || returning || publisher.behindMillis() > BEHIND_LIMIT_MILLIS) {
      rollCall.failed("this node does not renew now");
    } else {
      sendRenewal();
    }
  }

  private void sendRenewal() {
    renewing = true;
    rollCall.sent();
    Position acknowledged = publisher.acknowledged();
    NodeRecord record =
        new NodeRecord(
            self,
            0,
            false,
            acknowledged,
            address,
            publisher.size(),
            publisher.behindMillis() > BEHIND_MILLIS,
            false);
    var _ =
        store
            .renew(record, timings.leasePeriod().toMillis())
            .whenCompleteAsync((renewal, failure) -> renewed(acknowledged, renewal, failure), loop);
  }

  private void renewed(
      Position acknowledged, @Nullable Renewal renewal, @Nullable Throwable failure) {
    renewing = false;
    if (renewal == null) {
      log.atDebug().setCause(failure).log("renewing got no answer");
      rollCall.failed("renewing got no answer");
      return;
    }
    contact.answered(loop.nowMillis());
    // A store with a faster clock has taken over: by it every lease looks older than it is.
    boolean jumped = renewal.nowMillis() - clock.nowMillis() > timings.leasePeriod().toMillis();
    clock.set(renewal.nowMillis());
    boolean historyLost =
        acknowledged.epoch() > 0
            && ((renewal.outcome() == RenewalOutcome.REGISTERED && ready.isDone())
                || renewal.ownHead() == null
                || !renewal.ownHead().reached(acknowledged));
    if (renewal.outcome() == RenewalOutcome.LOST) {
      comeBack();
      rollCall.failed("this node was taken for lost");
      return;
    }
    // By whatever answer: the first one after an outage is seldom a renewal.
    boolean regained = contact.regains() != regainsSeen;
    regainsSeen = contact.regains();
    membership.renewed(renewal.nodes(), renewal.nowMillis(), regained || jumped || historyLost);
    if (historyLost) {
      publisher.rewrite(0);
    }
    progress();
    rollCall.takenIn();
  }

  /**
   * Others took us for lost, and dropped our sessions: those that still live are written again in a
   * new epoch, which lets us back in.
   */
  private void comeBack() {
    if (returning) {
      return;
    }
    returning = true;
    log.atWarn().log("this node was taken for lost");
    contact.interrupt(loop.nowMillis());
    sink.backFromLost(
        () ->
            loop.execute(
                () -> {
                  publisher.rewrite(0);
                  renewWhenEstablished();
                }));
  }

  private void renewWhenEstablished() {
    if (publisher.established()) {
      returning = false;
      sendRenewal();
    } else {
      loop.schedule(WATCH_MILLIS, this::renewWhenEstablished);
    }
  }

  /**
   * Notices when contact is lost, when this server was paused, and when its knowledge is complete
   * again.
   */
  private void watch() {
    if (ended) {
      return;
    }
    long now = loop.nowMillis();
    if (now - lastWatch > WATCH_MILLIS + 1_000) {
      log.atWarn().addKeyValue("millis", now - lastWatch).log("this server was paused");
      contact.interrupt(now);
      setStale(true);
    }
    lastWatch = now;
    if (!contact.inContact(now)) {
      setStale(true);
    } else if (stale && !catchingUp) {
      catchingUp = true;
      caughtUp.ask(
          () -> {
            catchingUp = false;
            setStale(!contact.inContact(loop.nowMillis()));
            becomeReady();
          });
    }
    if (!stale) {
      completeUntilMillis = clock.at(contact.lastAnswer());
    }
    loop.schedule(WATCH_MILLIS, this::watch);
  }

  private void setStale(boolean now) {
    if (stale != now) {
      stale = now;
      log.atInfo().addKeyValue("stale", now).log("what this server knows of the others");
      sink.staleness(now, completeUntilMillis);
    }
  }

  /**
   * Publishes a session of this node.
   *
   * @param onAcknowledged runs on the cluster's loop once the store has it; null if nobody waits
   */
  public void publish(SessionRecord record, @Nullable Runnable onAcknowledged) {
    loop.execute(() -> publisher.publish(record, onAcknowledged));
  }

  /** Drops a session of this node from the store without any event. */
  public void remove(SessionKey removal) {
    loop.execute(() -> publisher.remove(removal));
  }

  /**
   * Drops the tombstone of a session of this node from the store, unless the session has come back
   * here meanwhile.
   */
  public void forget(SessionRecord tombstone) {
    loop.execute(() -> publisher.forget(tombstone));
  }

  /**
   * Runs {@code then} on the cluster's loop once everything that had happened anywhere by now has
   * been handed to the sink.
   */
  public void whenCaughtUp(Runnable then) {
    loop.execute(() -> caughtUp.ask(then));
  }

  /**
   * Whether everything that had happened anywhere by now has been handed to the sink: true once it
   * has, false if that takes too long.
   */
  public CompletionStage<Boolean> caughtUp(Duration atMost) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          caughtUp.ask(() -> answer.complete(true));
          loop.schedule(atMost.toMillis(), () -> answer.complete(false));
        });
    return answer;
  }

  /** A lost node's affairs are settled, see {@link ClusterEvents#settle}. */
  public void settled(NodeId node) {
    loop.execute(() -> membership.settled(node));
  }

  /** Lets the store drop change sets before {@code seq}: they are in the history. */
  public void trim(long seq) {
    loop.execute(
        () -> {
          var _ =
              store
                  .trim(self, seq)
                  .exceptionally(
                      failure -> {
                        log.atDebug()
                            .setCause(failure)
                            .log("trimming failed; the next one does it");
                        return null;
                      });
        });
  }

  /** The other nodes that are not lost. */
  public CompletionStage<List<NodeId>> nodes() {
    CompletableFuture<List<NodeId>> nodes = new CompletableFuture<>();
    loop.execute(() -> nodes.complete(membership.live()));
    return nodes;
  }

  /** Where a node's internal port is, {@code host:port}; empty where it has none or is lost. */
  public CompletionStage<String> address(NodeId node) {
    CompletableFuture<String> address = new CompletableFuture<>();
    loop.execute(() -> address.complete(membership.address(node)));
    return address;
  }

  /** Whether this server's knowledge of others may be out of date. */
  public boolean stale() {
    return stale;
  }

  /** Whether every other node has been read at least once. */
  public boolean complete() {
    return complete;
  }

  /** Until when this server's knowledge was complete: Unix milliseconds of the shared clock. */
  public long completeUntilMillis() {
    return stale ? completeUntilMillis : clock.nowMillis();
  }

  /** This server's touch with the store. */
  public Contact contact() {
    return contact;
  }

  /** Completes when everything that was to be published by now is acknowledged. */
  public CompletableFuture<Void> flushed() {
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    loop.execute(() -> whenFlushed(flushed));
    return flushed;
  }

  private void whenFlushed(CompletableFuture<Void> flushed) {
    if (publisher.idle() || flushed.isDone()) {
      flushed.complete(null);
    } else {
      var _ = loop.schedule(FLUSH_CHECK_MILLIS, () -> whenFlushed(flushed));
    }
  }

  /**
   * Stops renewing and listening. The lease then runs out by itself: what is left of this node's
   * sessions counts for the handover.
   */
  public void stop() {
    loop.execute(
        () -> {
          ended = true;
          membership.end();
        });
  }
}
