package dev.presence.server.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a lost node in the store.
 *
 * @param head where it ends; null if nothing is left
 * @param changes the change sets that the history lacks, in order; empty if the stream does not
 *     reach back so far
 * @param sessions the node's session map, tombstones included, where {@code changes} cannot tell
 *     everything; else those in it that are suspended, since no row tells of that
 */
public record Remains(@Nullable Head head, List<ChangeSet> changes, List<SessionRecord> sessions) {}
