package dev.presence.lab.simulation;

import java.util.HashMap;
import java.util.Map;

/** Each session that was told hello ends with exactly one right row in the history. */
final class OneRow implements Invariant {

  /** How often it is looked for the rows of sessions that stay, and for how long they must have. */
  private static final long LOOK_MILLIS = 5_000;

  private static final long STAYED_MILLIS = 30_000;

  private final World world;
  private final Oracle oracle;
  private long lastLookMillis;

  OneRow(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "one-row";
  }

  /**
   * A session that stays has an open row, and it is its owner's. What a lost node's finisher wrote
   * by mistake would be hidden in the end by what the owner writes last.
   */
  @Override
  public void look(long nowMillis) {
    if (nowMillis - lastLookMillis < LOOK_MILLIS || !world.isCalm(STAYED_MILLIS)) {
      return;
    }
    lastLookMillis = nowMillis;
    Map<String, HistoryRow> rows = rows();
    for (SessionTruth session : world.truth().all()) {
      SimulatedNode owner = session.stream.node;
      if (owner != null && session.isSteady(nowMillis, STAYED_MILLIS, world)) {
        HistoryRow row = rows.get(session.id);
        if (row != null && (!row.open() || !row.node().equals(owner.id()))) {
          oracle.complain(
              this,
              whose(session)
                  + " stays on "
                  + owner
                  + ", and its row says that it "
                  + (row.open() ? "is on " : "ended on ")
                  + row.node());
        }
      }
    }
  }

  private Map<String, HistoryRow> rows() {
    Map<String, HistoryRow> rows = new HashMap<>();
    world.postgres().rows().forEach(row -> rows.put(row.session().toString(), row));
    return rows;
  }

  private static String whose(SessionTruth session) {
    return "the session " + session.id + " of " + session.device.name();
  }

  @Override
  public void end() {
    Map<String, HistoryRow> rows = rows();
    for (SessionTruth session : world.truth().all()) {
      HistoryRow row = rows.remove(session.id);
      String whose = whose(session);
      if (row == null) {
        // Hello was said while no server reached Redis, by one that died before it did again.
        boolean unknown = session.stream.isUntold();
        if (!unknown && !world.historyMayBeLost(session)) {
          oracle.complain(this, whose + " has no row");
        }
      } else if (!row.user().equals(session.person.user())) {
        oracle.complain(this, whose + " has a row of " + row.user());
      } else if (row.open()) {
        oracle.complain(this, whose + " has a row that is still open, by " + row.node());
      } else {
        String wrong = new RowTruth(world, session).whatIsWrong(row);
        if (wrong != null) {
          oracle.complain(this, whose + " on " + session.stream.node + " has " + wrong);
        }
      }
    }
  }
}
