package dev.presence.lab.simulation.contract;

/**
 * All that {@code ClusterStore} and {@code ChangeTopic} promise: every refusal, every step sent
 * twice or late, and what a store that lost something must not pretend. A subclass says what the
 * store is; see {@link StoreUnderTest}.
 */
abstract class ClusterStoreContract
    implements PublishContract,
        RewriteContract,
        InterruptedRewriteContract,
        ReadContract,
        LeaseContract,
        ForgetContract,
        TopicContract {}
