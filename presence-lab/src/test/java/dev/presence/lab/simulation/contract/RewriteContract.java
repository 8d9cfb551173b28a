package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.ALMOST_A_WEEK_MILLIS;
import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.WEEK_MILLIS;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static dev.presence.lab.simulation.contract.Facts.tombstone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Head;
import org.junit.jupiter.api.Test;

/** How a node writes all of its part again, if nothing happens meanwhile. */
interface RewriteContract extends StoreUnderTest {

  @Test
  default void shouldShowAnEmptyPartOnceARewriteHasBegun() {
    rewrite(NODE, 1, 1, session(1));

    assertThat(begin(NODE, 2)).isTrue();

    assertThat(head(NODE)).containsExactly(Head.building(2));
    assertThat(records(NODE)).isEmpty();
  }

  /** Should its node die before anybody could see it, nobody would ever delete it. */
  @Test
  default void shouldKeepWhatIsWrittenAgainForAWeek() {
    assertThat(keptMillis(NODE)).isNegative();
    begin(NODE, 1);
    assertThat(keptMillis(NODE)).isBetween(ALMOST_A_WEEK_MILLIS, WEEK_MILLIS);
    add(NODE, 1, 0, session(1));
    assertThat(keptMillis(NODE)).isBetween(ALMOST_A_WEEK_MILLIS, WEEK_MILLIS);
    end(NODE, 1, 1, 1);
    assertThat(keptMillis(NODE)).isBetween(ALMOST_A_WEEK_MILLIS, WEEK_MILLIS);
  }

  @Test
  default void shouldReplaceAllOfAPart() {
    rewrite(NODE, 1, 1, session(1), session(2));
    publish(changes(NODE, 1, 2, session(3)));

    assertThat(begin(NODE, 2)).isTrue();
    assertThat(add(NODE, 2, 0, session(2))).isTrue();
    assertThat(add(NODE, 2, 1, session(4), tombstone(5))).isTrue();
    assertThat(head(NODE)).containsExactly(Head.building(2));
    assertThat(end(NODE, 2, 3, 2)).isTrue();

    assertThat(head(NODE)).containsExactly(at(2, 3));
    assertThat(records(NODE)).containsExactlyInAnyOrder(session(2), session(4), tombstone(5));
    assertThat(publish(changes(NODE, 2, 4, session(6)))).isTrue();
  }

  @Test
  default void shouldWriteAPartThatIsEmpty() {
    assertThat(begin(NODE, 1)).isTrue();
    assertThat(end(NODE, 1, 1, 0)).isTrue();
    assertThat(records(NODE)).isEmpty();

    assertThat(rewrite(NODE, 2, 2)).as("one chunk of nothing").isTrue();
    assertThat(head(NODE)).containsExactly(at(2, 2));
  }

  @Test
  default void shouldUndoNothingWhenItIsToldToBeginTwice() {
    begin(NODE, 1);
    assertThat(begin(NODE, 1)).isTrue();
    add(NODE, 1, 0, session(1));

    assertThat(begin(NODE, 1)).as("late").isTrue();

    assertThat(records(NODE)).containsExactly(session(1));
    assertThat(add(NODE, 1, 1, session(2))).isTrue();
    assertThat(end(NODE, 1, 1, 2)).isTrue();
  }

  @Test
  default void shouldRefuseToBeginAnEarlierEpoch() {
    rewrite(NODE, 10, 1, session(1));
    assertThat(begin(NODE, 9)).isFalse();
    assertThat(head(NODE)).containsExactly(at(10, 1));
    assertThat(records(NODE)).containsExactly(session(1));

    begin(NODE, 11);
    add(NODE, 11, 0, session(2));
    assertThat(begin(NODE, 10)).isFalse();
    assertThat(head(NODE)).containsExactly(Head.building(11));
    assertThat(records(NODE)).containsExactly(session(2));
  }

  @Test
  default void shouldRefuseToBeginAnEpochThatIsComplete() {
    rewrite(NODE, 2, 1, session(1));
    assertThat(begin(NODE, 2)).isFalse();
    publish(changes(NODE, 2, 2));
    assertThat(begin(NODE, 2)).as("late").isFalse();

    assertThat(head(NODE)).containsExactly(at(2, 2));
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldAddAChunkOnceThatIsSentTwice() {
    begin(NODE, 1);

    assertThat(add(NODE, 1, 0, session(1))).isTrue();
    assertThat(add(NODE, 1, 0, session(1))).isTrue();

    assertThat(end(NODE, 1, 1, 2)).as("two").isFalse();
    assertThat(end(NODE, 1, 1, 1)).isTrue();
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldRefuseAChunkThatSkipsOne() {
    begin(NODE, 1);
    assertThat(add(NODE, 1, 1, session(1))).isFalse();

    add(NODE, 1, 0, session(2));
    assertThat(add(NODE, 1, 2, session(1))).isFalse();

    assertThat(records(NODE)).containsExactly(session(2));
  }

  @Test
  default void shouldRefuseAChunkThatWasOvertaken() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    add(NODE, 1, 1, tombstone(1));

    assertThat(add(NODE, 1, 0, session(1))).as("late").isFalse();

    assertThat(records(NODE)).containsExactly(tombstone(1));
    assertThat(end(NODE, 1, 1, 2)).isTrue();
  }

  @Test
  default void shouldRefuseAChunkOfAnotherEpoch() {
    begin(NODE, 2);

    assertThat(add(NODE, 1, 0, session(1))).isFalse();
    assertThat(add(NODE, 3, 0, session(1))).isFalse();

    assertThat(head(NODE)).containsExactly(Head.building(2));
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChunkOfWhatNobodyBegan() {
    assertThat(add(NODE, 1, 0, session(1))).isFalse();
    assertThat(head(NODE)).isEmpty();

    rewrite(NODE, 1, 1);
    assertThat(add(NODE, 2, 0, session(1))).isFalse();
    assertThat(add(NODE, 1, 0, session(1))).isFalse();
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseAChunkOnceThePartIsComplete() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    end(NODE, 1, 1, 1);

    assertThat(add(NODE, 1, 0, session(1))).as("late").isFalse();
    assertThat(add(NODE, 1, 1, session(2))).isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldSayDoneWhenItIsToldToEndTwice() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));

    assertThat(end(NODE, 1, 1, 1)).isTrue();
    assertThat(end(NODE, 1, 1, 1)).isTrue();

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(publish(changes(NODE, 1, 2))).isTrue();
  }

  @Test
  default void shouldRefuseToEndWithAnotherNumberOfChunks() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    add(NODE, 1, 1, session(2));

    assertThat(end(NODE, 1, 1, 1)).isFalse();
    assertThat(end(NODE, 1, 1, 3)).isFalse();

    assertThat(head(NODE)).containsExactly(Head.building(1));
    assertThat(end(NODE, 1, 1, 2)).isTrue();
  }

  @Test
  default void shouldRefuseToEndWhatNobodyBegan() {
    assertThat(end(NODE, 1, 1, 0)).isFalse();
    assertThat(head(NODE)).isEmpty();

    rewrite(NODE, 1, 1);
    assertThat(end(NODE, 2, 2, 0)).isFalse();
    assertThat(end(NODE, 1, 2, 1)).isFalse();
    begin(NODE, 3);
    assertThat(end(NODE, 2, 2, 0)).isFalse();
    assertThat(head(NODE)).containsExactly(Head.building(3));
  }

  @Test
  default void shouldRefuseAnEndThatWasOvertaken() {
    rewrite(NODE, 1, 1, session(1));
    publish(changes(NODE, 1, 2, tombstone(1)));

    assertThat(end(NODE, 1, 1, 1)).as("late").isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 2));
    assertThat(records(NODE)).containsExactly(tombstone(1));
  }

  @Test
  default void shouldKeepNodesApartWhenOneWritesAgain() {
    rewrite(NODE, 1, 1, session(1));
    begin(OTHER, 7);
    add(OTHER, 7, 0, session(1));

    assertThat(add(NODE, 7, 1, session(2))).isFalse();
    assertThat(end(NODE, 7, 2, 1)).isFalse();
    assertThat(begin(NODE, 2)).isTrue();

    assertThat(records(NODE)).isEmpty();
    assertThat(records(OTHER)).containsExactly(session(1));
    assertThat(end(OTHER, 7, 1, 1)).isTrue();
  }
}
