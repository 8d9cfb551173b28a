package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds rows that are open in this node's name, of sessions that nobody owns: one that moved away,
 * say, to a node that was lost before it had told anybody. Each minute it looks for them; a row
 * that was found in two looks running, so that no move is under way, is closed. Belongs to the
 * journal's loop.
 */
final class OwnerlessRows {

  private static final Logger log = LoggerFactory.getLogger(OwnerlessRows.class);

  private static final long PERIOD_MILLIS = 60_000;

  private final EventLoop loop;
  private final BlockingCalls calls;
  private final JournalSink sink;
  private final SharedClock clock;
  private final NodeId self;
  private final Ledger ledger;
  private final RowWriter writer;
  private final Backlog backlog;
  private final CarriedSessions sessions;

  /** What the last look found. */
  private Set<SessionRow> suspects = new HashSet<>();

  private boolean stopped;

  OwnerlessRows(
      EventLoop loop,
      BlockingCalls calls,
      JournalSink sink,
      SharedClock clock,
      NodeId self,
      Ledger ledger,
      RowWriter writer,
      Backlog backlog,
      CarriedSessions sessions) {
    this.loop = loop;
    this.calls = calls;
    this.sink = sink;
    this.clock = clock;
    this.self = self;
    this.ledger = ledger;
    this.writer = writer;
    this.backlog = backlog;
    this.sessions = sessions;
  }

  void start() {
    var _ =
        loop.schedule(
            PERIOD_MILLIS,
            () -> {
              if (!stopped) {
                start();
                look();
              }
            });
  }

  void stop() {
    stopped = true;
  }

  private void look() {
    calls.run(() -> sink.openRows(self), this::compare, OwnerlessRows::putOff);
  }

  private void compare(List<SessionRow> open) {
    List<SessionRow> unknown = open.stream().filter(row -> !isOwn(key(row))).toList();
    if (unknown.isEmpty()) {
      suspects = new HashSet<>();
      return;
    }
    var _ =
        sessions
            .carried(unknown.stream().map(OwnerlessRows::key).toList())
            .whenCompleteAsync(
                (carried, failure) -> {
                  if (failure == null) {
                    judge(unknown, carried);
                  } else {
                    putOff(failure);
                  }
                },
                loop);
  }

  private boolean isOwn(SessionKey session) {
    return ledger.isOpen(session) || backlog.concerns(session);
  }

  private void judge(List<SessionRow> unknown, Set<SessionKey> carried) {
    Set<SessionRow> found = new HashSet<>();
    List<SessionRow> closed = new ArrayList<>();
    for (SessionRow row : unknown) {
      SessionKey key = key(row);
      if (carried.contains(key) || isOwn(key)) {
        continue;
      }
      if (suspects.contains(row)) {
        closed.add(closed(row));
      } else {
        found.add(row);
      }
    }
    suspects = found;
    if (!closed.isEmpty() && !stopped) {
      log.atWarn().addKeyValue("rows", closed.size()).log("closing rows that nobody owns");
      writer.add(closed);
    }
  }

  /** A row tells when its stream was opened; this node may have heard more of the client. */
  private SessionRow closed(SessionRow row) {
    return row.heard(ledger.heardBeforeItMoved(key(row)))
        .closed(CloseReason.CONNECTION_LOST, clock.nowMillis());
  }

  private static SessionKey key(SessionRow row) {
    return new SessionKey(row.session(), row.user());
  }

  private static void putOff(Throwable failure) {
    log.atDebug().setCause(failure).log("could not look for rows that nobody owns; the next will");
  }
}
