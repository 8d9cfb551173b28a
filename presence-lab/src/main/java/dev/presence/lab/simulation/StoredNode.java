package dev.presence.lab.simulation;

import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node's keys in the fake Redis: head, session map and stream. The methods are the scripts, and
 * each says in its answer what the port's method says.
 */
final class StoredNode {

  /** For how long the keys stay after the last write. */
  static final long KEEP_MILLIS = 604_800_000;

  private @Nullable Head head;
  private long writtenMillis;
  private boolean listed;
  private int chunks;
  private final Map<SessionKey, SessionRecord> sessions = new LinkedHashMap<>();
  private final List<ChangeSet> stream = new ArrayList<>();

  StoredNode() {}

  StoredNode(StoredNode original) {
    head = original.head;
    writtenMillis = original.writtenMillis;
    listed = original.listed;
    chunks = original.chunks;
    sessions.putAll(original.sessions);
    stream.addAll(original.stream);
  }

  /** How a write went. */
  enum Write {
    DONE,
    REPEATED,
    REFUSED
  }

  /**
   * Its node has written to the keys.
   *
   * @param isListed whether the node is in the list of nodes, so that others can see it
   */
  void written(long nowMillis, boolean isListed) {
    writtenMillis = nowMillis;
    listed |= isListed;
  }

  void listed() {
    listed = true;
  }

  /** When the keys go if nobody writes to them. */
  long goMillis() {
    return writtenMillis + KEEP_MILLIS;
  }

  /** Whether the node was in the list of nodes since it began to write these keys. */
  boolean wasListed() {
    return listed;
  }

  Write publish(ChangeSet changeSet) {
    Head here = Head.at(changeSet.position());
    if (here.equals(head)) {
      return Write.REPEATED;
    }
    Position before = new Position(changeSet.position().epoch(), changeSet.previousSeq());
    if (head == null || head.building() || !head.position().equals(before)) {
      return Write.REFUSED;
    }
    stream.add(changeSet);
    changeSet.records().forEach(record -> sessions.put(record.key(), record));
    changeSet.removals().forEach(sessions::remove);
    head = here;
    return Write.DONE;
  }

  Write begin(long epoch) {
    Head building = Head.building(epoch);
    if (building.equals(head)) {
      return Write.REPEATED;
    }
    if (head != null && head.position().epoch() >= epoch) {
      return Write.REFUSED;
    }
    head = building;
    chunks = 0;
    sessions.clear();
    listed = false;
    return Write.DONE;
  }

  Write addChunk(long epoch, int chunk, Iterable<SessionRecord> records) {
    if (!Head.building(epoch).equals(head)) {
      return Write.REFUSED;
    }
    if (chunks == chunk + 1) {
      return Write.REPEATED;
    }
    if (chunks != chunk) {
      return Write.REFUSED;
    }
    records.forEach(record -> sessions.put(record.key(), record));
    chunks++;
    return Write.DONE;
  }

  /** Falls back to where the building had just begun. */
  void tear() {
    if (head != null && head.building()) {
      chunks = 0;
      sessions.clear();
    }
  }

  Write end(ChangeSet reset, int expectedChunks) {
    Head here = Head.at(reset.position());
    if (here.equals(head)) {
      return Write.REPEATED;
    }
    if (!Head.building(reset.position().epoch()).equals(head) || chunks != expectedChunks) {
      return Write.REFUSED;
    }
    if (!stream.isEmpty() && stream.getLast().position().seq() >= reset.position().seq()) {
      // The stream takes rising ids only: a branch of history that its node gave up makes way.
      stream.clear();
    }
    stream.add(reset);
    head = here;
    chunks = 0;
    return Write.DONE;
  }

  @Nullable Head head() {
    return head;
  }

  /** The map as it is now. */
  Map<SessionKey, SessionRecord> sessionMap() {
    return new LinkedHashMap<>(sessions);
  }

  /** What the stream holds after a place, whatever it is. */
  List<ChangeSet> streamAfter(long seq) {
    return stream.stream().filter(changeSet -> changeSet.position().seq() > seq).toList();
  }

  List<ChangeSet> stream(long afterSeq, int limit) {
    return stream.stream()
        .filter(changeSet -> changeSet.position().seq() > afterSeq)
        .limit(limit)
        .toList();
  }

  Optional<List<ChangeSet>> changes(Position after, int limit) {
    if (head == null || head.building() || head.position().epoch() != after.epoch()) {
      return Optional.empty();
    }
    if (head.position().equals(after)) {
      return Optional.of(List.of());
    }
    List<ChangeSet> found = new ArrayList<>();
    Position last = after;
    for (ChangeSet changeSet : stream) {
      if (changeSet.position().seq() <= after.seq()) {
        continue;
      }
      boolean next =
          !changeSet.reset()
              && changeSet.position().epoch() == last.epoch()
              && changeSet.previousSeq() == last.seq();
      if (!next) {
        return Optional.empty();
      }
      found.add(changeSet);
      last = changeSet.position();
      if (found.size() == limit) {
        break;
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  /** True if something went. */
  boolean trim(long fromSeq) {
    return stream.removeIf(changeSet -> changeSet.position().seq() < fromSeq);
  }

  int sessionCount() {
    return sessions.size();
  }
}
