package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.Remains;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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

  private static final long TICK_MILLIS = 250;

  /** For so long a node that ends goes on with writing its part anew: others wait for that. */
  private static final long WHOLE_MILLIS = 3_000;

  /** By so long after its lease a server that is cut off has moved its clients. */
  private static final Duration MOVED = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final ClusterStore store;
  private final NodeId self;
  private final Contact contact = new Contact();
  private final Publisher publisher;
  private final LostAffairs affairs;
  private final Membership membership;
  private final Lease lease;
  private final CaughtUp caughtUp;
  private final Staleness staleness;
  private final Isolation isolation;
  private final Hearsay hearsay;
  private final CaughtUpWithAll withAll;
  private final Remembered remembered;
  private final Newborn newborn;
  private final TopicWatchdog watchdog;
  private final LostParts lostParts;
  private final List<Consumer<Touch>> touchListeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private volatile boolean complete;
  private boolean ended;

  /**
   * Builds the cluster; {@link #start} makes it work.
   *
   * @param address of this node's internal port, empty where it has none
   * @param clock set from the store's answers
   * @param witnesses the other servers, reached past the store
   */
  public Cluster(
      EventLoop loop,
      ClusterStore store,
      ChangeTopic topic,
      NodeId self,
      String address,
      Timings timings,
      SharedClock clock,
      Witnesses witnesses,
      ReplicaSink sink,
      ClusterEvents events) {
    this.loop = loop;
    this.store = store;
    this.self = self;
    publisher = new Publisher(loop, store, self, contact, events::published, this::acknowledged);
    affairs = new LostAffairs(store, self, timings.leasePeriod().toMillis(), events);
    membership =
        new Membership(
            loop,
            store,
            self,
            timings,
            contact,
            sink,
            affairs,
            node -> new Feed(loop, store, topic, node, contact, sink, this::progress));
    lease =
        new Lease(
            loop,
            store,
            self,
            address,
            timings,
            clock,
            contact,
            publisher,
            membership,
            sink,
            ready::isDone,
            this::renewed);
    caughtUp = new CaughtUp(loop, store, membership, contact, lease.rollCall());
    staleness = new Staleness(loop, clock, contact, caughtUp, sink);
    isolation =
        new Isolation(
            loop, contact, witnesses, membership::addresses, publisher::oldestSince, this::touched);
    long movedMillis = timings.leasePeriod().plus(MOVED).toMillis();
    hearsay = new Hearsay(loop, clock, contact, isolation, timings, movedMillis);
    withAll = new CaughtUpWithAll(loop, caughtUp, hearsay.unheard());
    remembered =
        new Remembered(
            loop,
            address,
            membership,
            witnesses,
            hearsay::reachesStore,
            movedMillis,
            hearsay::cannotTell);
    newborn = new Newborn(loop, self, timings, contact, membership, witnesses, remembered);
    watchdog = new TopicWatchdog(topic, membership);
    lostParts = new LostParts(loop, store, membership, lease.rollCall());
  }

  /**
   * Begins to renew. The stage completes when this node's part stands in the store and all others
   * have been read: it may serve.
   *
   * @param remembered where servers may be of which the history knows and the store does not
   */
  public CompletionStage<Void> start(CompletionStage<List<String>> remembered) {
    loop.execute(
        () -> {
          newborn.begin();
          this.remembered.recall(remembered);
          publisher.rewrite(0);
          lease.renew();
          tick();
        });
    return ready;
  }

  private void renewed() {
    newborn.renewed();
    hearsay.renewed(membership.records());
    watchdog.look();
    progress();
  }

  /** The lease, which needs the publisher, is built after it. */
  private void acknowledged() {
    lease.acknowledged();
  }

  private void progress() {
    complete = membership.complete();
    caughtUp.check();
    becomeReady();
  }

  private void becomeReady() {
    boolean knowsAll = complete && !newborn.moreIsKnown();
    if (!ready.isDone() && !stale() && publisher.established() && knowsAll) {
      ready.complete(null);
    }
  }

  private void tick() {
    if (!ended) {
      staleness.tick(TICK_MILLIS, this::becomeReady);
      becomeReady();
      if (ready.isDone()) {
        isolation.tick();
      }
      loop.schedule(TICK_MILLIS, this::tick);
    }
  }

  private void touched(Touch touch) {
    touchListeners.forEach(listener -> listener.accept(touch));
  }

  /** This node's record says from now on that it is being emptied. */
  public void drain() {
    loop.execute(lease::drain);
  }

  /** Tells of each change in how this server stands with the store, on the cluster's loop. */
  public void onTouch(Consumer<Touch> listener) {
    touchListeners.add(listener);
  }

  /** How this server stands with the store. */
  public Touch touch() {
    return isolation.touch();
  }

  /**
   * Whether the store has answered just now: what others are told who ask.
   *
   * @param asker the address of who asks, which may be asked in its turn; empty where it has none
   * @param alone the asker takes clients in without the store, of whom nobody else knows
   */
  public boolean reachesStore(String asker, boolean alone) {
    return hearsay.reachesStore(asker, alone);
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
   * been handed to the sink, by servers too that could not tell of it.
   */
  public void whenCaughtUp(Runnable then) {
    loop.execute(() -> withAll.ask(then));
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

  /**
   * What a lost node had published, for its history.
   *
   * @param written up to where the history has it
   */
  public CompletionStage<Remains> remains(NodeId node, Position written) {
    return CompletableFuture.completedFuture(node)
        .thenComposeAsync(lost -> lostParts.remains(lost, written), loop);
  }

  /**
   * A lost node's history is finished, see {@link ClusterEvents#settle}.
   *
   * @param head up to where; null if nothing of it was left in the store
   */
  public void settled(NodeId node, @Nullable Head head) {
    loop.execute(() -> affairs.finished(node, head));
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
    return staleness.stale();
  }

  /** Whether every other node has been read at least once. */
  public boolean complete() {
    return complete;
  }

  /** Until when this server's knowledge was complete: Unix milliseconds of the shared clock. */
  public long completeUntilMillis() {
    return staleness.completeUntilMillis();
  }

  /** This server's touch with the store. */
  public Contact contact() {
    return contact;
  }

  /** How much of what is published or waits, by name. */
  public CompletionStage<Map<String, Integer>> sizes() {
    return CompletableFuture.supplyAsync(
        () ->
            Map.of(
                "published", publisher.size(),
                "waiting to be published", publisher.waiting(),
                "waiting to be caught up", caughtUp.waiting()),
        loop);
  }

  /**
   * Completes when everything that was to be published by now is acknowledged. If that takes longer
   * than {@code atMost}, the history hears of it all the same: nobody will publish it any more.
   */
  public CompletableFuture<Void> flushed(Duration atMost) {
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    loop.execute(() -> publisher.flush(flushed, atMost.toMillis()));
    return flushed;
  }

  /**
   * Stops renewing and listening. The lease then runs out by itself: what is left of this node's
   * sessions counts for the handover. The stage completes when the last word is out.
   */
  public CompletionStage<Void> stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    loop.execute(
        () -> {
          CompletableFuture<Void> whole = new CompletableFuture<>();
          boolean reached = contact.inContact(loop.nowMillis());
          publisher.awaitWhole(whole, reached ? WHOLE_MILLIS : 0);
          var _ =
              whole.thenComposeAsync(done -> leave(), loop).thenRun(() -> stopped.complete(null));
        });
    return stopped;
  }

  private CompletionStage<Void> leave() {
    ended = true;
    membership.end();
    return lease.end();
  }
}
