package dev.presence.lab.simulation.contract;

/**
 * What a history promises, whoever keeps it. A subclass says what it is; see {@link
 * JournalUnderTest}.
 */
abstract class JournalSinkContract
    implements OwnersRowsContract,
        LostNodesRowsContract,
        JournalUsersContract,
        JournalNodesContract {}
