package dev.presence.server.presence;

import dev.presence.server.model.Limits;
import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written on one stream. It conflates: a newer state of a presentity replaces one
 * that was not yet written, and a newer acknowledgement or ping an older one. Its size is thus
 * bounded by the watcher's roster, however slowly the client reads.
 *
 * <p>Order: hello first and closed last; the snapshot's parts before the changes that came after
 * it; a presentity's states always in the order in which they happened. Thread-safe: lanes and the
 * session put in, the stream's writer takes out.
 */
public final class Outbox {

  private final Runnable wake;
  private final LinkedHashMap<UserId, SharedPresence> waiting = new LinkedHashMap<>();
  private Outbound.@Nullable Hello hello;
  private Outbound.@Nullable ServerState serverState;
  private Outbound.@Nullable Drain drain;
  private Outbound.@Nullable LastWord closed;
  private boolean helloTaken;
  private boolean acknowledge;
  private long acknowledged;
  private boolean ping;
  private long pinged;
  private boolean closedTaken;
  private boolean lastSeenListed;
  private SnapshotStage stage = SnapshotStage.LISTING;

  private enum SnapshotStage {
    /** Entries that leave now belong to the snapshot. */
    LISTING,
    /** All that are not offline have been put in; the mark has not left yet. */
    LISTED,
    /** The mark has left; entries are changes, and last seen times may come in between. */
    COMPLETE,
    /** All last seen times have been put in; that mark has not left yet. */
    LAST_SEEN_LISTED,
    /** Nothing of the snapshot is left. */
    DONE
  }

  /** An outbox whose writer is told by {@code wake} that there is something to take. */
  public Outbox(Runnable wake) {
    this.wake = wake;
  }

  synchronized void put(SharedPresence presence) {
    if (closed == null) {
      waiting.put(presence.presence().user(), presence);
    }
  }

  /** All contacts that are not offline have been put in. */
  public synchronized void snapshotListed() {
    if (stage == SnapshotStage.LISTING) {
      stage = SnapshotStage.LISTED;
    }
  }

  /** All last seen times have been put in. */
  public synchronized void lastSeenListed() {
    lastSeenListed = true;
    if (stage == SnapshotStage.COMPLETE) {
      stage = SnapshotStage.LAST_SEEN_LISTED;
    }
  }

  /** Says hello; nothing else leaves before. */
  public synchronized void hello(Outbound.Hello message) {
    hello = message;
  }

  /** Acknowledges the heartbeats up to {@code sequence}. */
  public synchronized void acknowledge(long sequence) {
    acknowledged = sequence;
    acknowledge = true;
  }

  /** Asks for a sign of life. */
  public synchronized void ping(long sequence) {
    pinged = sequence;
    ping = true;
  }

  /** Says how far this server's knowledge can be trusted. */
  public synchronized void serverState(Outbound.ServerState state) {
    serverState = state;
  }

  /** Asks the client to move to another server. */
  public synchronized void drain(Outbound.Drain message) {
    drain = message;
  }

  /**
   * Says the last word. What still waits is dropped: the stream is over, and a resume begins with a
   * snapshot.
   */
  public synchronized void close(Outbound.LastWord message) {
    if (closed == null) {
      closed = message;
      waiting.clear();
    }
  }

  /** Tells the writer that there is something to take. */
  public void flush() {
    wake.run();
  }

  /**
   * Whether the last word has been put in: it is to be written even if the client does not read.
   */
  public synchronized boolean isClosed() {
    return closed != null;
  }

  /**
   * Takes the next message, or null if there is none. After a {@link Outbound.LastWord} there never
   * is another one.
   */
  public synchronized @Nullable Outbound next() {
    if (closed != null) {
      Outbound.LastWord last = closedTaken ? null : closed;
      closedTaken = true;
      return last;
    }
    if (hello != null) {
      Outbound first = hello;
      hello = null;
      helloTaken = true;
      return first;
    }
    if (acknowledge) {
      acknowledge = false;
      return new Outbound.HeartbeatAck(acknowledged);
    }
    if (!helloTaken) {
      return null;
    }
    if (ping) {
      ping = false;
      return new Outbound.Ping(pinged);
    }
    if (serverState != null) {
      Outbound state = serverState;
      serverState = null;
      return state;
    }
    if (drain != null) {
      Outbound move = drain;
      drain = null;
      return move;
    }
    return nextEntries();
  }

  private @Nullable Outbound nextEntries() {
    boolean last = waiting.size() <= Limits.FRAME_ENTRIES;
    if (stage == SnapshotStage.LISTED && last) {
      boolean all = lastSeenListed;
      stage = all ? SnapshotStage.DONE : SnapshotStage.COMPLETE;
      return new Outbound.SnapshotPart(take(), true, all);
    }
    if (stage == SnapshotStage.LAST_SEEN_LISTED && last) {
      stage = SnapshotStage.DONE;
      return new Outbound.SnapshotPart(take(), false, true);
    }
    if (waiting.isEmpty()) {
      return null;
    }
    return stage.compareTo(SnapshotStage.COMPLETE) < 0
        ? new Outbound.SnapshotPart(take(), false, false)
        : new Outbound.Changes(take());
  }

  private List<SharedPresence> take() {
    List<SharedPresence> taken = new ArrayList<>(Math.min(waiting.size(), Limits.FRAME_ENTRIES));
    Iterator<Map.Entry<UserId, SharedPresence>> entries = waiting.entrySet().iterator();
    while (entries.hasNext() && taken.size() < Limits.FRAME_ENTRIES) {
      taken.add(entries.next().getValue());
      entries.remove();
    }
    return taken;
  }
}
