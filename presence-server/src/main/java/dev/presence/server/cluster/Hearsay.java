package dev.presence.server.cluster;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Timings;
import java.util.Collection;

/**
 * What servers tell each other past the store: this one says whether it reaches the store, and
 * keeps in mind who has said that it does not. Belongs to the cluster's loop but for {@link
 * #reachesStore}.
 */
final class Hearsay {

  private final EventLoop loop;
  private final SharedClock clock;
  private final Contact contact;
  private final Isolation isolation;
  private final Timings timings;
  private final Unheard unheard;

  /**
   * Nothing heard yet.
   *
   * @param clock set from the store's answers
   * @param movedMillis how long a server that knows that others reach the store takes to move its
   *     clients
   */
  Hearsay(
      EventLoop loop,
      SharedClock clock,
      Contact contact,
      Isolation isolation,
      Timings timings,
      long movedMillis) {
    this.loop = loop;
    this.clock = clock;
    this.contact = contact;
    this.isolation = isolation;
    this.timings = timings;
    unheard = new Unheard(movedMillis);
  }

  /** Those that cannot tell the store of what has happened at them. */
  Unheard unheard() {
    return unheard;
  }

  /** Whether the store has answered just now. May be called from any thread. */
  boolean reachesStore() {
    return contact.fresh(loop.nowMillis(), timings.renewInterval().toMillis());
  }

  /**
   * The same, to a server that asks. May be called from any thread.
   *
   * @param asker its address, which may be asked in its turn; empty where it has none
   * @param alone it takes clients in without the store, of whom nobody else knows
   */
  boolean reachesStore(String asker, boolean alone) {
    boolean reached = reachesStore();
    if (!asker.isEmpty()) {
      loop.execute(() -> spokenTo(asker, alone, reached));
    }
    return reached;
  }

  private void spokenTo(String asker, boolean alone, boolean reached) {
    isolation.met(asker);
    if (alone) {
      cannotTell(asker, reached);
    }
  }

  /** The server at this address does not reach the store, and knows of clients. */
  void cannotTell(String address) {
    cannotTell(address, reachesStore());
  }

  /** Before the store has told its time, no renewal of the server shows that it has been heard. */
  private void cannotTell(String address, boolean reached) {
    long shared = clock.isSet() ? clock.nowMillis() : Long.MAX_VALUE;
    unheard.asked(address, reached, loop.nowMillis(), shared);
  }

  /** The store has told what all servers say of themselves. */
  void renewed(Collection<NodeRecord> records) {
    unheard.renewed(records, timings.leasePeriod().toMillis());
  }
}
