package dev.presence.lab.simulation;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A read of all of a node's part, which takes its time, as the real one does: the head first, then
 * a scan of the map that shows each entry as it was at some moment of the scan, then what the
 * stream says of the time since. It fails if the node began to write its part again meanwhile.
 */
final class FakeRead {

  private final @Nullable Head begin;
  private final Map<SessionKey, SessionRecord> atBegin;

  /** Begins; null where the node has no part. */
  FakeRead(@Nullable StoredNode part) {
    begin = part == null ? null : part.head();
    atBegin = part == null ? Map.of() : part.sessionMap();
  }

  /**
   * Ends.
   *
   * @param part what there is of the node now
   * @throws TornException if no image of one moment can be had
   */
  NodeImage end(@Nullable StoredNode part, RandomGenerator random) {
    if (begin == null) {
      return new NodeImage(Head.at(Position.NONE), List.of());
    }
    Map<SessionKey, SessionRecord> image =
        scanned(part == null ? Map.of() : part.sessionMap(), random);
    if (begin.building()) {
      return new NodeImage(begin, List.copyOf(image.values()));
    }
    Position first = begin.position();
    Head now = part == null ? null : part.head();
    if (part == null
        || now == null
        || now.building()
        || now.position().epoch() != first.epoch()
        || !now.reached(first)) {
      throw new TornException("the head went from " + begin + " to " + now);
    }
    Position last = first;
    for (ChangeSet changeSet : part.streamAfter(first.seq())) {
      if (changeSet.reset()
          || changeSet.position().epoch() != last.epoch()
          || changeSet.previousSeq() != last.seq()) {
        throw new TornException("the stream goes from " + last + " to " + changeSet.position());
      }
      changeSet.records().forEach(record -> image.put(record.key(), record));
      changeSet.removals().forEach(image::remove);
      last = changeSet.position();
    }
    if (!last.reached(now.position())) {
      throw new TornException("the stream ends at " + last + ", before " + now);
    }
    return new NodeImage(Head.at(last), List.copyOf(image.values()));
  }

  /** Each entry as it was at the beginning, or as it is now, if that is a difference. */
  private Map<SessionKey, SessionRecord> scanned(
      Map<SessionKey, SessionRecord> atEnd, RandomGenerator random) {
    Set<SessionKey> keys = new LinkedHashSet<>(atBegin.keySet());
    keys.addAll(atEnd.keySet());
    Map<SessionKey, SessionRecord> image = new LinkedHashMap<>();
    for (SessionKey key : keys) {
      SessionRecord before = atBegin.get(key);
      SessionRecord after = atEnd.get(key);
      boolean same = before != null && before.equals(after);
      SessionRecord seen = same || random.nextBoolean() ? before : after;
      if (seen != null) {
        image.put(key, seen);
      }
    }
    return image;
  }

  /** The node wrote its part again meanwhile, or its stream was trimmed too early. */
  static final class TornException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    TornException(String message) {
      super(message);
    }
  }
}
