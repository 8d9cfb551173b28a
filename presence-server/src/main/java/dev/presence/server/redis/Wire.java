package dev.presence.server.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.presence.internal.v1.Head;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model as messages of {@code presence.internal.v1}, and back. What a newer release says beyond
 * our words is left out.
 */
final class Wire {

  private static final int SESSION_ID_BYTES = 16;

  private Wire() {}

  static byte[] encode(ChangeSet changeSet) {
    var message =
        dev.presence.internal.v1.ChangeSet.newBuilder()
            .setNodeId(changeSet.node().value())
            .setEpoch(changeSet.position().epoch())
            .setPreviousSeq(changeSet.previousSeq())
            .setSeq(changeSet.position().seq())
            .setReset(changeSet.reset());
    for (SessionRecord session : changeSet.records()) {
      message.addRecords(
          toProto(session)
              .setSessionId(ByteString.copyFrom(session.id().toBytes()))
              .setUserId(session.user().value()));
    }
    for (SessionKey removal : changeSet.removals()) {
      message.addRemovals(
          dev.presence.internal.v1.Removal.newBuilder()
              .setSessionId(ByteString.copyFrom(removal.id().toBytes()))
              .setUserId(removal.user().value()));
    }
    return message.build().toByteArray();
  }

  /**
   * Reads a change set.
   *
   * @throws CorruptValueException if it is none
   */
  static ChangeSet decodeChangeSet(byte[] bytes) {
    try {
      var message = dev.presence.internal.v1.ChangeSet.parseFrom(bytes);
      List<SessionRecord> sessions = new ArrayList<>(message.getRecordsCount());
      for (var session : message.getRecordsList()) {
        SessionRecord decoded =
            fromProto(
                new SessionKey(sessionId(session.getSessionId()), new UserId(session.getUserId())),
                session);
        if (decoded != null) {
          sessions.add(decoded);
        }
      }
      List<SessionKey> removals = new ArrayList<>(message.getRemovalsCount());
      for (var removal : message.getRemovalsList()) {
        removals.add(
            new SessionKey(sessionId(removal.getSessionId()), new UserId(removal.getUserId())));
      }
      return new ChangeSet(
          new NodeId(message.getNodeId()),
          new Position(message.getEpoch(), message.getSeq()),
          message.getPreviousSeq(),
          message.getReset(),
          sessions,
          removals);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new CorruptValueException("a change set cannot be read", e);
    }
  }

  /** The name of a session's field in the session map: its id, and whose it is. */
  static byte[] mapField(SessionKey session) {
    byte[] user = session.user().value().getBytes(UTF_8);
    return ByteBuffer.allocate(SESSION_ID_BYTES + user.length)
        .put(session.id().toBytes())
        .put(user)
        .array();
  }

  /** Encodes a value of a session map; what the field's name says is not said again. */
  static byte[] encodeMapValue(SessionRecord session) {
    return toProto(session).build().toByteArray();
  }

  /**
   * Reads an entry of a session map; null if it is to be ignored.
   *
   * @throws CorruptValueException if it is none
   */
  static @Nullable SessionRecord decodeMapEntry(byte[] field, byte[] value) {
    try {
      if (field.length <= SESSION_ID_BYTES) {
        throw new IllegalArgumentException("a field has only " + field.length + " bytes");
      }
      SessionId id = SessionId.fromBytes(ByteBuffer.wrap(field));
      UserId user =
          new UserId(new String(field, SESSION_ID_BYTES, field.length - SESSION_ID_BYTES, UTF_8));
      return fromProto(
          new SessionKey(id, user), dev.presence.internal.v1.SessionRecord.parseFrom(value));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new CorruptValueException("an entry of a session map cannot be read", e);
    }
  }

  static dev.presence.internal.v1.NodeRecord toProto(NodeRecord node) {
    return dev.presence.internal.v1.NodeRecord.newBuilder()
        .setAddress(node.address())
        .setHead(Head.newBuilder().setEpoch(node.head().epoch()).setSeq(node.head().seq()))
        .setSessionCount(node.sessionCount())
        .setBehind(node.behind())
        .setCountsMore(node.countsMore())
        .setServing(node.serving())
        .setDraining(node.draining())
        .build();
  }

  static NodeRecord fromProto(
      NodeId node,
      long leaseDeadlineMillis,
      boolean lost,
      dev.presence.internal.v1.NodeRecord message) {
    return new NodeRecord(
        node,
        leaseDeadlineMillis,
        lost,
        new Position(message.getHead().getEpoch(), message.getHead().getSeq()),
        message.getAddress(),
        message.getSessionCount(),
        message.getBehind(),
        message.getCountsMore(),
        message.getServing(),
        message.getDraining());
  }

  private static dev.presence.internal.v1.SessionRecord.Builder toProto(SessionRecord session) {
    CloseReason reason = session.closeReason();
    return dev.presence.internal.v1.SessionRecord.newBuilder()
        .setDevice(session.device())
        .setAttempt(session.attempt())
        .setPhase(
            switch (session.phase()) {
              case CONNECTED -> dev.presence.internal.v1.Phase.PHASE_CONNECTED;
              case SUSPENDED -> dev.presence.internal.v1.Phase.PHASE_SUSPENDED;
              case CLOSED -> dev.presence.internal.v1.Phase.PHASE_CLOSED;
            })
        .setAway(session.activity() == Activity.AWAY)
        .setBusy(session.wish().availability() == Availability.BUSY)
        .setWishMillis(session.wish().atMillis())
        .setLastSignOfLifeMillis(session.lastSignOfLifeMillis())
        .setCloseReason(reason == null ? 0 : reason.number());
  }

  private static @Nullable SessionRecord fromProto(
      SessionKey key, dev.presence.internal.v1.SessionRecord message) {
    Phase phase =
        switch (message.getPhase()) {
          case PHASE_CONNECTED -> Phase.CONNECTED;
          case PHASE_SUSPENDED -> Phase.SUSPENDED;
          case PHASE_CLOSED -> Phase.CLOSED;
          case PHASE_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    if (phase == null) {
      return null;
    }
    return new SessionRecord(
        key.id(),
        key.user(),
        message.getDevice(),
        message.getAttempt(),
        phase,
        message.getAway() ? Activity.AWAY : Activity.ACTIVE,
        new Wish(
            message.getBusy() ? Availability.BUSY : Availability.AVAILABLE,
            message.getWishMillis()),
        message.getLastSignOfLifeMillis(),
        phase == Phase.CLOSED ? CloseReason.of(message.getCloseReason()) : null);
  }

  private static SessionId sessionId(ByteString bytes) {
    if (bytes.size() != SESSION_ID_BYTES) {
      throw new IllegalArgumentException(
          "a session id has " + bytes.size() + " bytes, expected " + SESSION_ID_BYTES);
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return SessionId.fromBytes(buffer);
  }
}
