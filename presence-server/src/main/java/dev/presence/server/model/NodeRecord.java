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
    boolean draining) {}
