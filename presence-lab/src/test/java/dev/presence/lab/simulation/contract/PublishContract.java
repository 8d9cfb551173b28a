package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.ALMOST_A_WEEK_MILLIS;
import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.WEEK_MILLIS;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.removal;
import static dev.presence.lab.simulation.contract.Facts.session;
import static dev.presence.lab.simulation.contract.Facts.tombstone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Head;
import org.junit.jupiter.api.Test;

/** How a node's change sets get into the store. */
interface PublishContract extends StoreUnderTest {

  @Test
  default void shouldApplyAChangeSet() {
    rewrite(NODE, 1, 1, session(1));

    assertThat(publish(changes(NODE, 1, 2, session(2), session(3)))).isTrue();

    assertThat(head(NODE)).containsExactly(at(1, 2));
    assertThat(records(NODE)).containsExactlyInAnyOrder(session(1), session(2), session(3));
  }

  @Test
  default void shouldKeepAPartForAWeekAfterEachChangeSet() {
    rewrite(NODE, 1, 1);

    publish(changes(NODE, 1, 2, session(1)));

    assertThat(keptMillis(NODE)).isBetween(ALMOST_A_WEEK_MILLIS, WEEK_MILLIS);
  }

  @Test
  default void shouldKeepATombstoneUntilItIsRemoved() {
    rewrite(NODE, 1, 1, session(1), session(2));

    publish(changes(NODE, 1, 2, tombstone(1)));
    assertThat(records(NODE)).containsExactlyInAnyOrder(tombstone(1), session(2));

    publish(removal(NODE, 1, 3, 1));
    publish(removal(NODE, 1, 4, 7));
    assertThat(records(NODE)).containsExactly(session(2));
  }

  @Test
  default void shouldSayDoneWhenAChangeSetIsSentTwice() {
    rewrite(NODE, 1, 1);

    assertThat(publish(changes(NODE, 1, 2, session(1)))).isTrue();
    assertThat(publish(changes(NODE, 1, 2, session(1)))).isTrue();

    assertThat(head(NODE)).containsExactly(at(1, 2));
    assertThat(publish(changes(NODE, 1, 3))).isTrue();
  }

  @Test
  default void shouldRefuseAChangeSetThatSkipsOne() {
    rewrite(NODE, 1, 1);

    assertThat(publish(changes(NODE, 1, 3, session(1)))).isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChangeSetOfAnotherEpoch() {
    rewrite(NODE, 2, 1);

    assertThat(publish(changes(NODE, 1, 2, session(1)))).isFalse();
    assertThat(publish(changes(NODE, 3, 2, session(1)))).isFalse();
    assertThat(publish(changes(NODE, 1, 1, session(1)))).isFalse();

    assertThat(head(NODE)).containsExactly(at(2, 1));
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChangeSetThatWasOvertaken() {
    rewrite(NODE, 1, 1);
    publish(changes(NODE, 1, 2, session(1)));
    publish(changes(NODE, 1, 3, tombstone(1)));

    assertThat(publish(changes(NODE, 1, 2, session(1)))).as("late").isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 3));
    assertThat(records(NODE)).containsExactly(tombstone(1));
  }

  @Test
  default void shouldRefuseAChangeSetWhereNothingWasWritten() {
    assertThat(publish(changes(NODE, 1, 1, session(1)))).isFalse();
    assertThat(publish(changes(NODE, 0, 1, session(1)))).isFalse();

    assertThat(head(NODE)).isEmpty();
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChangeSetWhileThePartIsBeingBuilt() {
    rewrite(NODE, 1, 1);
    begin(NODE, 2);
    add(NODE, 2, 0, session(1));

    assertThat(publish(changes(NODE, 1, 2, session(2)))).isFalse();
    assertThat(publish(changes(NODE, 2, 1, session(2)))).isFalse();
    assertThat(publish(changes(NODE, 2, 2, session(2)))).isFalse();

    assertThat(head(NODE)).containsExactly(Head.building(2));
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldRefuseAChangeSetOnceThePartIsLost() {
    rewrite(NODE, 1, 1);
    publish(changes(NODE, 1, 2));
    losePart(NODE);

    assertThat(publish(changes(NODE, 1, 2, session(1)))).isFalse();
    assertThat(publish(changes(NODE, 1, 3, session(1)))).isFalse();

    assertThat(head(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChangeSetOnceTheStoreFellBack() {
    rewrite(NODE, 1, 1);
    save(NODE);
    publish(changes(NODE, 1, 2, session(1)));
    publish(changes(NODE, 1, 3));
    restore(NODE);

    assertThat(publish(changes(NODE, 1, 4))).isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldTakeAgainTheOneChangeSetThatTheStoreFellBackBy() {
    rewrite(NODE, 1, 1);
    save(NODE);
    publish(changes(NODE, 1, 2, session(1)));
    restore(NODE);

    assertThat(publish(changes(NODE, 1, 2, session(1)))).isTrue();

    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldKeepNodesApartWhenTheyPublish() {
    rewrite(NODE, 1, 1, session(1));
    rewrite(OTHER, 5, 7, session(1));

    assertThat(publish(changes(OTHER, 5, 8, tombstone(1)))).isTrue();
    losePart(OTHER);

    assertThat(publish(changes(NODE, 1, 2, session(2)))).isTrue();
    assertThat(records(NODE)).containsExactlyInAnyOrder(session(1), session(2));
    assertThat(records(OTHER)).isEmpty();
  }
}
