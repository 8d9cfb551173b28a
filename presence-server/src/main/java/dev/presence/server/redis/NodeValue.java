package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a node in {@link RedisKeys#NODES}.
 *
 * <pre>
 * "&lt;lease deadline, milliseconds&gt; &lt;epoch&gt; &lt;L: lost, -: not&gt; " NodeRecord
 * </pre>
 *
 * The text is written by the scripts alone, which decide by it, so that the epoch stands in both;
 * the message by the node alone.
 */
final class NodeValue {

  /** How many spaces end the text. */
  private static final int WORDS = 3;

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}) \\d+ ([L-]) ");

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
    int end = 0;
    for (int words = 0; words < WORDS && end < value.length; end++) {
      if (value[end] == ' ') {
        words++;
      }
    }
    Matcher text = TEXT.matcher(new String(value, 0, end, US_ASCII));
    if (!text.matches()) {
      throw new CorruptValueException(
          "the record of node " + node + " does not begin with deadline, epoch and mark");
    }
    try {
      return Wire.fromProto(
          node,
          Long.parseLong(text.group(1)),
          text.group(2).equals("L"),
          dev.presence.internal.v1.NodeRecord.parseFrom(
              ByteString.copyFrom(value, end, value.length - end)));
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptValueException("the record of node " + node + " cannot be read", e);
    }
  }
}
