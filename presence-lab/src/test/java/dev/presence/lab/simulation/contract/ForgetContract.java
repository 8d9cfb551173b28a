package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore.RenewalOutcome;
import dev.presence.server.model.Head;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The farewell: a node's keys go once its history is written, and only if nothing came after. */
interface ForgetContract extends LeaseContract {

  @Test
  default void shouldForgetALostNode() {
    rewrite(NODE, 1, 1, session(1));
    publish(changes(NODE, 1, 2, session(2)));
    long deadline = lost(NODE, 1);

    assertThat(forget(deadline, at(1, 2))).isTrue();
    assertThat(forget(deadline, at(1, 2))).as("again").isTrue();

    assertNothingIsLeft();
    assertThat(renew(NODE, 1).outcome()).isEqualTo(RenewalOutcome.REGISTERED);
  }

  @Test
  default void shouldForgetALostNodeThatHasNoHead() {
    long deadline = lost(NODE, 1);

    assertThat(forget(deadline, null)).isTrue();

    assertNothingIsLeft();
  }

  @Test
  default void shouldForgetALostNodeThatWasBuilding() {
    begin(NODE, 2);
    add(NODE, 2, 0, session(1));
    long deadline = lost(NODE, 1);

    assertThat(forget(deadline, Head.building(1))).isFalse();
    assertThat(forget(deadline, at(2, 0))).as("complete").isFalse();
    assertThat(forget(deadline, Head.building(2))).isTrue();

    assertNothingIsLeft();
    assertThat(add(NODE, 2, 1, session(2))).as("late").isFalse();
    assertThat(end(NODE, 2, 2, 1)).as("late").isFalse();
  }

  @Test
  default void shouldGoOnWhereForgettingWasInterruptedBeforeTheRecord() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);
    losePart(NODE);

    assertThat(forget(deadline, at(1, 1))).isTrue();

    assertNothingIsLeft();
  }

  @Test
  default void shouldForgetAPartWhoseRecordWasLost() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);
    loseRecord(NODE);

    assertThat(forget(deadline, at(1, 2))).as("another head").isFalse();
    assertThat(forget(deadline, at(1, 1))).isTrue();

    assertNothingIsLeft();
  }

  @Test
  default void shouldHaveNothingToForgetOnceAllIsLost() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);
    wipe();

    assertThat(forget(deadline, at(1, 1))).isTrue();
    assertThat(forget(deadline, null)).isTrue();
  }

  @Test
  default void shouldNotForgetANodeThatIsNotLost() {
    rewrite(NODE, 1, 1, session(1));
    renew(NODE, 1);
    long deadline = seen(NODE).leaseDeadlineMillis();
    assertThat(forget(deadline, at(1, 1))).isFalse();

    passTime(2 * LEASE_MILLIS);
    assertThat(forget(deadline, at(1, 1))).as("over, but not marked").isFalse();

    assertThat(records(NODE)).containsExactly(session(1));
    assertThat(seen(NODE).lost()).isFalse();
  }

  @Test
  default void shouldNotForgetANodeWhoseLeaseWasAnother() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);

    assertThat(forget(deadline - 1, at(1, 1))).isFalse();

    assertThat(records(NODE)).containsExactly(session(1));
    assertThat(seen(NODE).lost()).isTrue();
  }

  @Test
  default void shouldNotForgetWhatIsNotYetInTheHistory() {
    rewrite(NODE, 1, 1, session(1));
    publish(changes(NODE, 1, 2));
    long deadline = lost(NODE, 1);

    assertThat(forget(deadline, at(1, 1))).isFalse();
    assertThat(forget(deadline, at(2, 2))).isFalse();
    assertThat(forget(deadline, null)).isFalse();
    assertThat(forget(deadline, Head.building(1))).isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 2));
    assertThat(records(NODE)).containsExactly(session(1));
    assertThat(seen(NODE).lost()).isTrue();
  }

  @Test
  default void shouldNotForgetANodeThatIsComingBack() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);
    begin(NODE, 2);
    add(NODE, 2, 0, session(2));

    assertThat(forget(deadline, at(1, 1))).isFalse();

    assertThat(end(NODE, 2, 2, 1)).isTrue();
    assertThat(renew(NODE, 2).outcome()).isEqualTo(RenewalOutcome.RENEWED);
    assertThat(forget(deadline, at(1, 1))).as("it is back").isFalse();
    assertThat(records(NODE)).containsExactly(session(2));
  }

  @Test
  default void shouldNotForgetANodeThatBeganAnewAfterItWasForgotten() {
    rewrite(NODE, 1, 1, session(1));
    long deadline = lost(NODE, 1);
    forget(deadline, at(1, 1));
    rewrite(NODE, 2, 2, session(2));
    assertThat(forget(deadline, at(1, 1))).as("late, before it is registered").isFalse();

    renew(NODE, 2);
    assertThat(forget(deadline, at(1, 1))).as("late").isFalse();

    assertThat(records(NODE)).containsExactly(session(2));
    assertThat(seen(NODE).lost()).isFalse();
  }

  @Test
  default void shouldForgetOneNodeAndNoOther() {
    rewrite(NODE, 1, 1, session(1));
    rewrite(OTHER, 1, 1, session(2));
    long deadline = lost(NODE, 1);

    forget(deadline, at(1, 1));

    assertThat(records(OTHER)).containsExactly(session(2));
    assertThat(renew(OTHER, 1).nodes()).containsOnlyKeys(OTHER);
  }

  private boolean forget(long deadlineMillis, @Nullable Head finished) {
    return await(store().forget(NODE, deadlineMillis, finished));
  }

  private void assertNothingIsLeft() {
    assertThat(head(NODE)).isEmpty();
    assertThat(records(NODE)).isEmpty();
    assertThat(renew(OTHER, 1).nodes()).containsOnlyKeys(OTHER);
  }
}
