package dev.presence.server.session;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Timings;
import dev.presence.server.presence.Lane;
import org.jspecify.annotations.Nullable;

/** Where the sessions of one lane live, and how the world hears of them. */
record LaneContext(Lane lane, Cluster cluster, SharedClock clock, Timings timings) {

  void run(Runnable task) {
    lane.run(task);
  }

  /** The lane as a loop: what its tasks put into outboxes is written when they end. */
  EventLoop loop() {
    return new EventLoop() {
      @Override
      public long nowMillis() {
        return LaneContext.this.nowMillis();
      }

      @Override
      public void execute(Runnable task) {
        run(task);
      }

      @Override
      public Timer schedule(long delayMillis, Runnable task) {
        return lane.schedule(delayMillis, task);
      }
    };
  }

  /** The lane's clock. */
  long nowMillis() {
    return lane.loop().nowMillis();
  }

  boolean inContact() {
    return cluster.contact().inContact(nowMillis());
  }

  /** Tells watchers here at once, and all other nodes with the next change set. */
  void publish(SessionRecord record, @Nullable Runnable onAcknowledged) {
    lane.own(record);
    cluster.publish(record, onAcknowledged);
  }

  /** Tells where a session stands now. */
  void publish(Session session, @Nullable Runnable onAcknowledged) {
    publish(session.record(clock.at(session.lastSign())), onAcknowledged);
  }

  /**
   * Ends a session for all nodes, and remembers that for a while. The while begins when the store
   * has it: what others have not heard must not be forgotten.
   */
  void bury(SessionRecord closed) {
    long keep = timings.tombstonePeriod().toMillis();
    publish(closed, () -> lane.schedule(keep, () -> cluster.forget(closed)));
  }
}
