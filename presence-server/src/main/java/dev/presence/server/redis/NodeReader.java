package dev.presence.server.redis;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RMap;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Reads all of a node's part while its owner goes on writing. A scan alone shows no single moment:
 * an entry may come from before or after any change made meanwhile. So the change sets from the
 * head before the scan on are applied over it, in order; they repeat what the scan may have missed,
 * and the image is exact where they end. Of a part that is being built nothing is exact: the map is
 * shown as it is. Blocks.
 */
final class NodeReader {

  private static final int SCAN_COUNT = 500;

  private final RedissonClient redis;

  NodeReader(RedissonClient redis) {
    this.redis = redis;
  }

  /**
   * Reads a node.
   *
   * @throws NodeChangedException if the node wrote its part again meanwhile, or its stream was
   *     trimmed too early
   */
  NodeImage read(NodeId node) {
    Head begin = head(node);
    if (begin == null) {
      return new NodeImage(Head.at(Position.NONE), List.of());
    }
    Map<SessionKey, SessionRecord> image = scan(node);
    if (begin.building()) {
      return new NodeImage(begin, List.copyOf(image.values()));
    }
    Position first = begin.position();
    Head scanned = head(node);
    if (scanned == null || scanned.position().epoch() != first.epoch() || !scanned.reached(first)) {
      throw new NodeChangedException(node, "its head went from " + first + " to " + scanned);
    }
    Position last = replay(node, first, image);
    if (!last.reached(scanned.position())) {
      // What the scan may have seen is gone from the stream: it was trimmed too early, or lost.
      throw new NodeChangedException(node, "its stream ends at " + last + ", before " + scanned);
    }
    return new NodeImage(Head.at(last), List.copyOf(image.values()));
  }

  private @Nullable Head head(NodeId node) {
    RBucket<byte[]> bucket = redis.getBucket(RedisKeys.head(node), ByteArrayCodec.INSTANCE);
    return HeadValue.decode(bucket.get());
  }

  private Map<SessionKey, SessionRecord> scan(NodeId node) {
    RMap<byte[], byte[]> sessions = redis.getMap(RedisKeys.sessions(node), ByteArrayCodec.INSTANCE);
    Map<SessionKey, SessionRecord> image = new LinkedHashMap<>();
    for (Map.Entry<byte[], byte[]> entry : sessions.entrySet(SCAN_COUNT)) {
      SessionRecord session = Wire.decodeMapEntry(entry.getKey(), entry.getValue());
      if (session != null) {
        image.put(session.key(), session);
      }
    }
    return image;
  }

  /**
   * Applies what was published after {@code first}; returns the position of the last change set.
   */
  private Position replay(NodeId node, Position first, Map<SessionKey, SessionRecord> image) {
    Position last = first;
    for (ChangeSet changeSet : changesFrom(node, first.seq() + 1)) {
      Position position = changeSet.position();
      if (position.epoch() != last.epoch() || changeSet.reset()) {
        throw new NodeChangedException(node, "it wrote its part again, at " + position);
      }
      if (changeSet.previousSeq() != last.seq()) {
        throw new NodeChangedException(node, "its stream goes from " + last + " to " + position);
      }
      for (SessionRecord session : changeSet.records()) {
        image.put(session.key(), session);
      }
      for (SessionKey removal : changeSet.removals()) {
        image.remove(removal);
      }
      last = position;
    }
    return last;
  }

  private List<ChangeSet> changesFrom(NodeId node, long seq) {
    RStream<byte[], byte[]> stream =
        redis.getStream(RedisKeys.changes(node), ByteArrayCodec.INSTANCE);
    StreamRangeArgs fromHere =
        StreamRangeArgs.startId(new StreamMessageId(seq, 0)).endId(StreamMessageId.MAX);
    List<ChangeSet> changes = new ArrayList<>();
    for (Map<byte[], byte[]> entry : stream.range(fromHere).values()) {
      for (byte[] value : entry.values()) {
        changes.add(Wire.decodeChangeSet(value));
      }
    }
    return changes;
  }
}
