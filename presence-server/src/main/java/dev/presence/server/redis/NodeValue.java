package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;

/**
 * The value of a node in {@link RedisKeys#NODES}.
 *
 * <pre>
 * "&lt;lease deadline, decimal milliseconds&gt; &lt;L: lost, -: not&gt; " NodeRecord
 * </pre>
 *
 * The text is written by the scripts alone, which decide by it; the message by the node alone.
 */
final class NodeValue {

  private static final String NOT_LOST = " - ";
  private static final String LOST = " L ";

  private NodeValue() {}

  /** Encodes what follows the text. */
  static byte[] encodeRecord(NodeRecord node) {
    return Wire.toProto(node).toByteArray();
  }

  /**
   * Decodes the whole value.
   *
   * @throws CorruptValueException if it is none of ours
   */
  static NodeRecord decode(NodeId node, byte[] value) {
    int space = 0;
    while (space < value.length && value[space] != ' ') {
      space++;
    }
    int start = space + NOT_LOST.length();
    if (start > value.length) {
      throw new CorruptValueException("the record of node " + node + " has no deadline and mark");
    }
    String mark = new String(value, space, NOT_LOST.length(), US_ASCII);
    if (!mark.equals(NOT_LOST) && !mark.equals(LOST)) {
      throw new CorruptValueException(
          "the record of node " + node + " has the mark '" + mark + "'");
    }
    try {
      return Wire.fromProto(
          node,
          Long.parseLong(new String(value, 0, space, US_ASCII)),
          mark.equals(LOST),
          dev.presence.internal.v1.NodeRecord.parseFrom(
              ByteString.copyFrom(value, start, value.length - start)));
    } catch (NumberFormatException | InvalidProtocolBufferException e) {
      throw new CorruptValueException("the record of node " + node + " cannot be read", e);
    }
  }
}
