package dev.presence.server.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.presence.server.model.Presence;
import dev.presence.server.model.Timings;
import dev.presence.server.presence.Outbound;
import dev.presence.server.presence.SharedPresence;
import dev.presence.v1.Changes;
import dev.presence.v1.HeartbeatAck;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts what a server says into the protocol's bytes. A presence is encoded once, as the entry that
 * it is in Snapshot and in Changes alike (tag, length, message), and those bytes go into all
 * frames; what a frame adds is a tag and a length. The generated classes read exactly the same.
 * Thread-safe.
 */
final class FrameEncoder {

  /** The number of {@code presences}, the same in Snapshot and in Changes (tested). */
  private static final int ENTRY = Changes.PRESENCES_FIELD_NUMBER;

  private static final byte[] NOTHING = {};
  private static final byte[] COMPLETE =
      Snapshot.newBuilder().setComplete(true).build().toByteArray();
  private static final byte[] LAST_SEEN_COMPLETE =
      Snapshot.newBuilder().setLastSeenComplete(true).build().toByteArray();
  private static final byte[] ALL_COMPLETE =
      Snapshot.newBuilder().setComplete(true).setLastSeenComplete(true).build().toByteArray();

  private final ServerMessages messages;

  /**
   * An encoder for one server.
   *
   * @param timings what Hello tells of
   * @param node what Hello calls this server
   * @param route what Hello says of the way to it, may be empty
   */
  FrameEncoder(Timings timings, String node, String route) {
    messages = new ServerMessages(timings, node, route);
  }

  Frame encode(Outbound message) {
    return switch (message) {
      case Outbound.HeartbeatAck ack -> Frame.of(acknowledgement(ack.sequence()));
      case Outbound.Changes changes ->
          entries(ServerMessage.CHANGES_FIELD_NUMBER, changes.presences(), NOTHING);
      case Outbound.SnapshotPart part ->
          entries(ServerMessage.SNAPSHOT_FIELD_NUMBER, part.presences(), marks(part));
      case Outbound.Hello hello -> Frame.of(messages.hello(hello).toByteArray());
      case Outbound.Ping ping -> Frame.of(ServerMessages.ping(ping).toByteArray());
      case Outbound.ServerState state -> Frame.of(ServerMessages.serverState(state).toByteArray());
      case Outbound.Drain drain -> Frame.of(ServerMessages.drain(drain).toByteArray());
      case Outbound.Closed closed -> Frame.of(ServerMessages.closed(closed).toByteArray());
      case Outbound.Refused _ ->
          throw new IllegalArgumentException("a refusal is a status, and no message");
    };
  }

  private static byte[] marks(Outbound.SnapshotPart part) {
    if (part.complete()) {
      return part.lastSeenComplete() ? ALL_COMPLETE : COMPLETE;
    }
    return part.lastSeenComplete() ? LAST_SEEN_COMPLETE : NOTHING;
  }

  private static Frame entries(int kind, List<SharedPresence> presences, byte[] tail) {
    List<byte[]> chunks = new ArrayList<>(presences.size());
    int inner = tail.length;
    for (SharedPresence presence : presences) {
      byte[] chunk = presence.encoded(FrameEncoder::entry);
      chunks.add(chunk);
      inner += chunk.length;
    }
    byte[] head = enclosed(kind, inner, 0, out -> {});
    return new Frame(head, chunks, tail, head.length + inner);
  }

  private static byte[] entry(Presence presence) {
    dev.presence.v1.Presence message = PresenceMessages.onStream(presence);
    int size = message.getSerializedSize();
    return enclosed(ENTRY, size, size, message::writeTo);
  }

  /** By hand, since there are more of these than of all else. */
  private static byte[] acknowledgement(long sequence) {
    int field = HeartbeatAck.SEQUENCE_FIELD_NUMBER;
    int size = sequence == 0 ? 0 : CodedOutputStream.computeUInt64Size(field, sequence);
    return enclosed(
        ServerMessage.HEARTBEAT_ACK_FIELD_NUMBER,
        size,
        size,
        out -> {
          if (sequence != 0) {
            out.writeUInt64(field, sequence);
          }
        });
  }

  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /**
   * A field's tag and length, and the content if it is to follow here.
   *
   * @param length what the field says of its length
   * @param here how much of that {@code content} writes
   */
  private static byte[] enclosed(int field, int length, int here, Content content) {
    byte[] bytes =
        new byte
            [CodedOutputStream.computeTagSize(field)
                + CodedOutputStream.computeUInt32SizeNoTag(length)
                + here];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(length);
      content.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
