package dev.presence.lab.replay.plan;

import java.util.List;

/**
 * One session of the plan.
 *
 * @param index its place in the plan, which is in the order of the starts
 * @param user whose it is: an index into the log's users
 * @param loggedStart when it starts in the log, Unix seconds
 * @param loggedEnd when it ends there
 * @param startMillis when it opens on the schedule's clock, which begins with the first session
 * @param holdMillis how long it is held from its hello
 * @param statusChanges what it sends meanwhile
 * @param ending what happens then
 * @param cutsConnection for a cut: the whole TCP connection goes, and not only the stream
 * @param server the server it opens on: 0 or 1
 * @param resumeServer the server it resumes on
 * @param awayMillis for how long after a cut no new stream gets through
 * @param web whether the web library holds it, where the run has one
 */
public record PlannedSession(
    int index,
    int user,
    long loggedStart,
    long loggedEnd,
    long startMillis,
    int holdMillis,
    List<StatusChange> statusChanges,
    Ending ending,
    boolean cutsConnection,
    int server,
    int resumeServer,
    int awayMillis,
    boolean web) {}
