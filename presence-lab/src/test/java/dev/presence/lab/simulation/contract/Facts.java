package dev.presence.lab.simulation.contract;

import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.Random;

/** Nodes, sessions and change sets to test with, the same in every run. */
final class Facts {

  /** A week, and a minute less. */
  static final long WEEK_MILLIS = 604_800_000;

  static final long ALMOST_A_WEEK_MILLIS = WEEK_MILLIS - 60_000;

  static final NodeId NODE = new NodeId("server-1.20260101T000000.a1");
  static final NodeId OTHER = new NodeId("server-2.20260101T000000.b2");

  private static final long OPENED_MILLIS = 1_767_225_600_000L;

  private Facts() {}

  /** Session number {@code number}: its id and user follow from it. */
  static SessionRecord session(int number) {
    return new SessionRecord(
        SessionId.create(OPENED_MILLIS + number, new Random(number)),
        new UserId("user-" + number),
        "android",
        1,
        Phase.CONNECTED,
        Activity.ACTIVE,
        Wish.NONE,
        OPENED_MILLIS + number,
        null);
  }

  /** The tombstone of session number {@code number}. */
  static SessionRecord tombstone(int number) {
    return session(number).closed(CloseReason.SIGNED_OUT, OPENED_MILLIS + number + 1);
  }

  static ChangeSet changes(NodeId node, long epoch, long seq, SessionRecord... records) {
    return new ChangeSet(
        node, new Position(epoch, seq), seq - 1, false, List.of(records), List.of());
  }

  /** A change set that drops session number {@code number} without event. */
  static ChangeSet removal(NodeId node, long epoch, long seq, int number) {
    return new ChangeSet(
        node, new Position(epoch, seq), seq - 1, false, List.of(), List.of(session(number).key()));
  }

  static Head at(long epoch, long seq) {
    return Head.at(new Position(epoch, seq));
  }

  /** What a node says of itself whose head is of {@code epoch}. */
  static NodeRecord record(NodeId node, long epoch) {
    return new NodeRecord(
        node, 0, false, new Position(epoch, 14), "10.0.0.7:9201", 15, true, true, true, false);
  }
}
