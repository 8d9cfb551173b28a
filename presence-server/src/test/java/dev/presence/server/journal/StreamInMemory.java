package dev.presence.server.journal;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node's stream, as a store keeps it, which may be away and lose what it holds. */
final class StreamInMemory implements OwnStream {

  final List<ChangeSet> changes = new ArrayList<>();

  boolean away;

  /** How often it was read. */
  int reads;

  synchronized void add(
      Position position, boolean reset, List<SessionRecord> records, List<SessionKey> removals) {
    changes.add(
        new ChangeSet(
            JournalStory.SELF,
            position,
            position.seq() - 1,
            reset,
            reset ? List.of() : records,
            reset ? List.of() : removals));
  }

  @Override
  public synchronized CompletionStage<List<ChangeSet>> after(long seq, int limit) {
    reads++;
    if (away) {
      return CompletableFuture.failedFuture(new IllegalStateException("away"));
    }
    return CompletableFuture.completedFuture(
        changes.stream()
            .filter(changeSet -> changeSet.position().seq() > seq)
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized void trim(long seq) {
    changes.removeIf(changeSet -> changeSet.position().seq() < seq);
  }
}
