package dev.presence.server.model;

/**
 * What a node said of itself at its last renewal.
 *
 * @param node the node
 * @param leaseDeadlineMillis when its lease ends: Unix milliseconds of the shared clock
 * @param lost somebody passed the verdict that the node is lost
 * @param head its last acknowledged change set
 * @param address of its internal port; empty where it has none
 * @param sessionCount how many sessions it owns
 * @param behind a change set has waited over 1 s for its acknowledgement: nobody is to be told
 *     OFFLINE meanwhile
 * @param countsMore it counts sessions of a node that the records show as gone, or not at all: a
 *     server that has just started knows less than it does
 * @param serving it has begun to serve: it had read all that the others had by then
 * @param draining it is being emptied
 */
public record NodeRecord(
    NodeId node,
    long leaseDeadlineMillis,
    boolean lost,
    Position head,
    String address,
    int sessionCount,
    boolean behind,
    boolean countsMore,
    boolean serving,
    boolean draining) {}
