package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Fault.Kind;
import java.util.List;

/**
 * What the oracle found.
 *
 * @param faults all faults, by kind and time
 * @param latencies how long each change took to be seen by each watcher, from the moment at which
 *     the client acted that caused it (for a lost session: at which its grace period ended)
 * @param viewsCompared contacts compared at checkpoints, over all clients
 * @param updatesChecked changes that had to reach a watcher, over all watchers
 * @param rowsCompared sessions whose row was looked for
 */
public record Verdict(
    List<Fault> faults,
    Latencies latencies,
    long viewsCompared,
    long updatesChecked,
    int rowsCompared) {

  /** How many faults of a kind there are. */
  public long count(Kind kind) {
    return faults.stream().filter(fault -> fault.kind() == kind).count();
  }
}
