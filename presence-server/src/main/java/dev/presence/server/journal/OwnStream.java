package dev.presence.server.journal;

import dev.presence.server.model.ChangeSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** This node's own change sets, as the store keeps them: where what waits for the history waits. */
public interface OwnStream {

  /**
   * Reads change sets after a number, in order, whatever their epochs. What the store has lost is
   * missing among them; empty: there is nothing newer. Fails while the store is away.
   *
   * @param limit the most change sets in one answer, at least 1
   */
  CompletionStage<List<ChangeSet>> after(long seq, int limit);

  /** Lets the store drop what comes before {@code seq}. */
  void trim(long seq);
}
