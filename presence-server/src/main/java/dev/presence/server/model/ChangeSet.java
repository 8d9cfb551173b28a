package dev.presence.server.model;

import java.util.List;

/**
 * What changed on one node in one tick.
 *
 * @param node the node
 * @param position epoch and sequence number of this change set
 * @param previousSeq the sequence number that must come before it
 * @param reset the node has rewritten its session map: read it in full; the lists are empty
 * @param records sessions that are new or changed, at most one entry each
 * @param removals sessions that are dropped without event
 */
public record ChangeSet(
    NodeId node,
    Position position,
    long previousSeq,
    boolean reset,
    List<SessionRecord> records,
    List<SessionKey> removals) {}
