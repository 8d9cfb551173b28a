package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore.Renewal;
import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.NodeRecord;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Leases, the shared clock, and the mark of the lost. */
interface LeaseContract extends StoreUnderTest {

  @Test
  default void shouldRegisterANodeThenRenewItsLease() {
    Renewal first = renew(NODE, 1);
    Renewal second = renew(NODE, 1);

    assertThat(first.outcome()).isEqualTo(RenewalOutcome.REGISTERED);
    assertThat(deadline(first, NODE)).isEqualTo(first.nowMillis() + LEASE_MILLIS);
    assertThat(second.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(deadline(second, NODE)).isEqualTo(second.nowMillis() + LEASE_MILLIS);
  }

  @Test
  default void shouldTellWhatEachNodeSaysOfItself() {
    renew(OTHER, 3);
    Renewal renewal = renew(NODE, 1);

    assertThat(renewal.nodes()).containsOnlyKeys(NODE, OTHER);
    assertThat(record(renewal, OTHER))
        .usingRecursiveComparison()
        .ignoringFields("leaseDeadlineMillis")
        .isEqualTo(Facts.record(OTHER, 3));
  }

  @Test
  default void shouldTellANodeItsOwnHead() {
    rewrite(OTHER, 1, 1);
    assertThat(renew(NODE, 1).ownHead()).isNull();

    begin(NODE, 2);
    assertThat(renew(NODE, 1).ownHead()).isEqualTo(Head.building(2));

    end(NODE, 2, 8, 0);
    assertThat(renew(NODE, 2).ownHead()).isEqualTo(at(2, 8));

    losePart(NODE);
    assertThat(renew(NODE, 2).ownHead()).isNull();
  }

  @Test
  default void shouldSimplyRenewALeaseThatIsOver() {
    renew(NODE, 1);
    passTime(10 * LEASE_MILLIS);

    Renewal late = renew(NODE, 1);

    assertThat(late.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(deadline(late, NODE)).isEqualTo(late.nowMillis() + LEASE_MILLIS);
  }

  @Test
  default void shouldRegisterAgainWhereTheRecordWasLost() {
    renew(NODE, 1);
    renew(OTHER, 1);
    loseRecord(NODE);
    assertThat(renew(OTHER, 1).nodes()).containsOnlyKeys(OTHER);
    assertThat(renew(NODE, 1).outcome()).isEqualTo(RenewalOutcome.REGISTERED);

    wipe();
    assertThat(renew(NODE, 1).outcome()).isEqualTo(RenewalOutcome.REGISTERED);
    assertThat(renew(NODE, 1).outcome()).isEqualTo(RenewalOutcome.RENEWED);
  }

  @Test
  default void shouldNeverLetTheSharedClockGoBack() {
    renew(NODE, 1);
    passTime(3_600_000);
    long before = renew(NODE, 1).nowMillis();

    clockFallsBack(1_800_000);

    long after = renew(NODE, 1).nowMillis();
    assertThat(after).isBetween(before, before + 60_000);
    passTime(LEASE_MILLIS);
    assertThat(renew(NODE, 1).nowMillis()).as("it goes on").isGreaterThanOrEqualTo(after + 5_000);
  }

  @Test
  default void shouldShowAtLeastTheTimeThatTheCallerHasSeen() {
    long seen = renew(NODE, 1).nowMillis() + 3_600_000;

    Renewal ahead = renew(NODE, 1, seen);

    assertThat(ahead.nowMillis()).isBetween(seen, seen + 60_000);
    assertThat(deadline(ahead, NODE)).isEqualTo(ahead.nowMillis() + LEASE_MILLIS);
    assertThat(renew(OTHER, 1).nowMillis())
        .as("to others, too")
        .isBetween(ahead.nowMillis(), seen + 60_000);
    passTime(LEASE_MILLIS);
    assertThat(renew(OTHER, 1).nowMillis()).as("it goes on").isGreaterThanOrEqualTo(seen + 5_000);
    assertThat(await(store().markLost(NODE, deadline(ahead, NODE)))).as("by this clock").isTrue();
  }

  @Test
  default void shouldNotSetTheClockBackForACallerWhoHasSeenLess() {
    long seen = renew(NODE, 1).nowMillis();
    passTime(3_600_000);
    long now = renew(NODE, 1).nowMillis();

    assertThat(renew(NODE, 1, seen).nowMillis()).isBetween(now, now + 60_000);
    assertThat(renew(OTHER, 1).nowMillis()).isBetween(now, now + 60_000);
  }

  @Test
  default void shouldGoOnFromWhatTheCallerHasSeenWhereTheClockWasLost() {
    renew(NODE, 1);
    passTime(3_600_000);
    long before = renew(NODE, 1).nowMillis();
    clockFallsBack(3_600_000);
    wipe();

    Renewal after = renew(NODE, 1, before);

    assertThat(after.outcome()).isEqualTo(RenewalOutcome.REGISTERED);
    assertThat(after.nowMillis()).isBetween(before, before + 60_000);
    assertThat(renew(OTHER, 1).nowMillis()).isBetween(before, before + 60_000);
  }

  @Test
  default void shouldShowWhatTheCallerHasSeenToOneThatIsLost() {
    lost(NODE, 1);
    long seen = renew(OTHER, 1).nowMillis() + 3_600_000;

    Renewal refused = renew(NODE, 1, seen);

    assertThat(refused.outcome()).isEqualTo(RenewalOutcome.LOST);
    assertThat(refused.nowMillis()).isBetween(seen, seen + 60_000);
    assertThat(renew(OTHER, 1).nowMillis()).isBetween(seen, seen + 60_000);
  }

  @Test
  default void shouldMarkANodeLostOnceItsLeaseIsOver() {
    long deadline = deadline(renew(NODE, 3), NODE);
    assertThat(await(store().markLost(NODE, deadline))).as("not over").isFalse();
    assertThat(seen(NODE).lost()).isFalse();

    passTime(LEASE_MILLIS);
    assertThat(await(store().markLost(NODE, deadline))).isTrue();
    assertThat(await(store().markLost(NODE, deadline))).as("again").isTrue();

    assertThat(seen(NODE).lost()).isTrue();
    assertThat(seen(NODE))
        .usingRecursiveComparison()
        .ignoringFields("lost", "leaseDeadlineMillis")
        .isEqualTo(Facts.record(NODE, 3));
    assertThat(seen(NODE).leaseDeadlineMillis()).isEqualTo(deadline);
  }

  @Test
  default void shouldNotMarkANodeThatRenewedSinceTheCallerLooked() {
    long deadline = deadline(renew(NODE, 1), NODE);
    passTime(LEASE_MILLIS);
    renew(NODE, 1);
    assertThat(await(store().markLost(NODE, deadline))).isFalse();

    passTime(LEASE_MILLIS);
    assertThat(await(store().markLost(NODE, deadline))).as("over, but another lease").isFalse();
    assertThat(seen(NODE).lost()).isFalse();
  }

  @Test
  default void shouldNotMarkANodeThatHasNoRecord() {
    assertThat(await(store().markLost(NODE, 1))).isFalse();

    assertThat(renew(OTHER, 1).nodes()).containsOnlyKeys(OTHER);
  }

  @Test
  default void shouldLeaveALostNodeAsItIs() {
    long deadline = lost(NODE, 3);

    assertThat(renew(NODE, 3).outcome()).isEqualTo(RenewalOutcome.LOST);
    assertThat(renew(NODE, 2).outcome()).as("late").isEqualTo(RenewalOutcome.LOST);

    assertThat(seen(NODE).lost()).isTrue();
    assertThat(seen(NODE).leaseDeadlineMillis()).isEqualTo(deadline);
    assertThat(seen(NODE).head().epoch()).isEqualTo(3);
  }

  @Test
  default void shouldLetALostNodeBackInWithALaterEpoch() {
    long deadline = lost(NODE, 3);

    Renewal back = renew(NODE, 4);

    assertThat(back.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(record(back, NODE).lost()).isFalse();
    assertThat(deadline(back, NODE)).isEqualTo(back.nowMillis() + LEASE_MILLIS);
    assertThat(await(store().markLost(NODE, deadline))).as("late").isFalse();
    assertThat(seen(NODE).lost()).isFalse();
  }

  @Test
  default void shouldEndALeaseByItsNodesOwnWill() {
    renew(NODE, 1);
    renew(OTHER, 1);

    await(store().expire(NODE));
    NodeRecord ended = seen(NODE);
    await(store().expire(NODE));

    assertThat(seen(NODE)).as("the first end counts").isEqualTo(ended);
    Renewal now = renew(OTHER, 1);
    assertThat(ended.leaseDeadlineMillis()).isLessThanOrEqualTo(now.nowMillis());
    assertThat(deadline(now, OTHER)).as("another's").isGreaterThan(now.nowMillis());
    assertThat(await(store().markLost(NODE, ended.leaseDeadlineMillis()))).isTrue();
  }

  @Test
  default void shouldNotTouchALeaseThatIsOverWhenItIsToldToEndIt() {
    long deadline = deadline(renew(NODE, 1), NODE);
    passTime(2 * LEASE_MILLIS);

    await(store().expire(NODE));

    assertThat(seen(NODE).leaseDeadlineMillis()).isEqualTo(deadline);
  }

  @Test
  default void shouldNotEndALeaseThatIsLostOrNotThere() {
    await(store().expire(NODE));
    assertThat(renew(OTHER, 1).nodes()).containsOnlyKeys(OTHER);

    long deadline = lost(NODE, 1);
    await(store().expire(NODE));
    assertThat(seen(NODE).lost()).isTrue();
    assertThat(seen(NODE).leaseDeadlineMillis()).isEqualTo(deadline);
  }

  @Test
  default void shouldRenewALeaseThatWasEnded() {
    renew(NODE, 1);
    await(store().expire(NODE));

    Renewal renewal = renew(NODE, 1);

    assertThat(renewal.outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(deadline(renewal, NODE)).isEqualTo(renewal.nowMillis() + LEASE_MILLIS);
  }

  @Test
  default void shouldTouchNoPartWithALease() {
    rewrite(NODE, 1, 1, session(1));

    lost(NODE, 1);

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(records(NODE)).containsExactly(session(1));
  }

  /** Lets a node's lease end and marks it; returns its deadline. */
  default long lost(NodeId node, long epoch) {
    long deadline = deadline(renew(node, epoch), node);
    passTime(LEASE_MILLIS);
    assertThat(await(store().markLost(node, deadline))).isTrue();
    return deadline;
  }

  /** What another node sees of {@code node}. */
  default NodeRecord seen(NodeId node) {
    return record(renew(OTHER, 1), node);
  }

  private static NodeRecord record(Renewal renewal, NodeId node) {
    return Objects.requireNonNull(renewal.nodes().get(node));
  }

  private static long deadline(Renewal renewal, NodeId node) {
    return record(renewal, node).leaseDeadlineMillis();
  }
}
