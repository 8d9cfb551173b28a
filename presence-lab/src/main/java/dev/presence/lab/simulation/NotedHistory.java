package dev.presence.lab.simulation;

import dev.presence.server.journal.JournalSink;
import dev.presence.server.journal.SessionRow;
import dev.presence.server.journal.WishRow;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What one server writes to the history, told in the trace row by row. */
record NotedHistory(World world, String writer) implements JournalSink {

  private JournalSink sink() {
    return world.postgres();
  }

  @Override
  public void write(
      NodeId node, Position cursor, Collection<SessionRow> rows, Collection<WishRow> wishes) {
    sink().write(node, cursor, rows, wishes);
    for (SessionRow row : rows) {
      world.note(writer, () -> "writes for " + node + " " + told(row));
    }
  }

  private static String told(SessionRow row) {
    return "the row of "
        + row.user()
        + "'s "
        + row.session()
        + ", attempt "
        + row.attempt()
        + " of epoch "
        + row.nodeEpoch()
        + ", heard last "
        + seen(row.lastSignOfLifeMillis())
        + (row.closed() ? ", closed as " + row.closeReason() : ", open");
  }

  /** A time of the shared clock. */
  private static String seen(long millis) {
    return Trace.stamp(Math.max(0, millis - FakeRedis.UNIX_MILLIS));
  }

  @Override
  public void alive(NodeId node, String address, long startedAtMillis, long nowMillis) {
    sink().alive(node, address, startedAtMillis, nowMillis);
  }

  @Override
  public List<String> openAddresses() {
    return sink().openAddresses();
  }

  @Override
  public Map<NodeId, Long> openNodes() {
    return sink().openNodes();
  }

  @Override
  public int closeLost(NodeId node, long epoch, long lastRenewalMillis, long nowMillis) {
    int closed = sink().closeLost(node, epoch, lastRenewalMillis, nowMillis);
    world.note(
        writer,
        () ->
            "closes "
                + closed
                + " rows of the lost "
                + node
                + " up to epoch "
                + epoch
                + ", heard last "
                + seen(lastRenewalMillis));
    return closed;
  }

  @Override
  public void ended(NodeId node, long nowMillis) {
    sink().ended(node, nowMillis);
  }

  @Override
  public Position cursor(NodeId node) {
    return sink().cursor(node);
  }

  @Override
  public long openEpoch(NodeId node) {
    return sink().openEpoch(node);
  }

  @Override
  public List<SessionRow> openRows(NodeId node) {
    return sink().openRows(node);
  }
}
