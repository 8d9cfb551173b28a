package dev.presence.server.redis;

import dev.presence.server.model.NodeId;
import java.util.List;

/**
 * The keyspace.
 *
 * <pre>
 * presence:{nodes}          hash    node id -> "&lt;deadline&gt; &lt;epoch&gt; &lt;L|-&gt; " NodeRecord  see {@link NodeValue}
 * presence:{nodes}:clock    string  "&lt;last time given&gt; &lt;offset&gt;", milliseconds           see clock.lua
 *
 * presence:{node}:head      string  "&lt;epoch&gt; &lt;seq&gt;" of the last change set,
 *                                   or "&lt;epoch&gt; building &lt;chunks&gt;"             see {@link HeadValue}
 * presence:{node}:sessions  hash    session id, 16 bytes, and user id -> SessionRecord without these
 * presence:{node}:changes   stream  &lt;seq&gt;-0 -> c: ChangeSet
 * presence:{node}:topic     channel ChangeSet
 * </pre>
 *
 * <p>What stands between the braces decides the slot of a Redis Cluster: what one script touches
 * lies in one slot, and nodes spread over the shards. A node named {@code nodes} would merely share
 * its slot with the records: no key of the one is a key of the other. Messages are of {@code
 * presence.internal.v1}; text is what scripts decide by.
 */
final class RedisKeys {

  /** All nodes' records. */
  static final String NODES = "presence:{nodes}";

  /** The shared clock. */
  static final String CLOCK = "presence:{nodes}:clock";

  private RedisKeys() {}

  static String head(NodeId node) {
    return of(node, "head");
  }

  static String sessions(NodeId node) {
    return of(node, "sessions");
  }

  static String changes(NodeId node) {
    return of(node, "changes");
  }

  static String topic(NodeId node) {
    return of(node, "topic");
  }

  /** What the script that publishes takes as KEYS. */
  static List<Object> part(NodeId node) {
    return List.of(head(node), sessions(node), changes(node), topic(node));
  }

  private static String of(NodeId node, String what) {
    return "presence:{" + node.value() + "}:" + what;
  }
}
