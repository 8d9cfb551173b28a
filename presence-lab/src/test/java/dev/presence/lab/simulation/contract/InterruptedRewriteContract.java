package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever happens while a node writes all of its part again, half of it never passes for all. */
interface InterruptedRewriteContract extends StoreUnderTest {

  @Test
  default void shouldBeginALaterEpochOverARewriteThatStandsStill() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));

    assertThat(begin(NODE, 2)).isTrue();

    assertThat(records(NODE)).isEmpty();
    assertThat(begin(NODE, 1)).as("late").isFalse();
    assertThat(add(NODE, 1, 0, session(1))).as("late").isFalse();
    assertThat(add(NODE, 1, 1, session(1))).as("late").isFalse();
    assertThat(end(NODE, 1, 1, 1)).as("late").isFalse();
    assertThat(add(NODE, 2, 0, session(2))).isTrue();
    assertThat(end(NODE, 2, 1, 1)).isTrue();
    assertThat(records(NODE)).containsExactly(session(2));
  }

  @Test
  default void shouldRefuseToGoOnWhereTheBeginningWasLost() {
    begin(NODE, 1);
    wipe();

    assertThat(add(NODE, 1, 0, session(1))).isFalse();
    assertThat(end(NODE, 1, 1, 0)).isFalse();

    assertThat(head(NODE)).isEmpty();
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldRefuseToGoOnWhereAChunkWasLost() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    wipe();

    assertThat(add(NODE, 1, 1, session(2))).isFalse();
    assertThat(end(NODE, 1, 1, 1)).isFalse();

    assertThat(head(NODE)).isEmpty();
    assertThat(records(NODE)).isEmpty();
  }

  @Test
  default void shouldMissALostChunkThoughALateBeginningCameAfter() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    wipe();
    assertThat(begin(NODE, 1)).as("late").isTrue();

    assertThat(add(NODE, 1, 1, session(2))).isFalse();
    assertThat(end(NODE, 1, 1, 1)).isFalse();

    assertThat(head(NODE)).containsExactly(Head.building(1));
    assertThat(begin(NODE, 2)).isTrue();
  }

  @Test
  default void shouldBeginAgainOnceTheCompletePartIsLost() {
    rewrite(NODE, 1, 1, session(1));
    wipe();

    assertThat(end(NODE, 1, 1, 1)).isFalse();
    assertThat(rewrite(NODE, 2, 2, session(1))).isTrue();

    assertThat(head(NODE)).containsExactly(at(2, 2));
  }

  @Test
  default void shouldRefuseToEndWhereTheStoreFellBackByAChunk() {
    begin(NODE, 1);
    add(NODE, 1, 0, session(1));
    save(NODE);
    add(NODE, 1, 1, session(2));
    restore(NODE);

    assertThat(end(NODE, 1, 1, 2)).isFalse();
    assertThat(add(NODE, 1, 2, session(3))).isFalse();

    assertThat(add(NODE, 1, 1, session(2))).as("again").isTrue();
    assertThat(end(NODE, 1, 1, 2)).isTrue();
    assertThat(records(NODE)).containsExactlyInAnyOrder(session(1), session(2));
  }

  @Test
  default void shouldRefuseToGoOnWhereTheStoreFellBackBehindTheBeginning() {
    rewrite(NODE, 1, 1, session(1));
    save(NODE);
    begin(NODE, 2);
    restore(NODE);

    assertThat(add(NODE, 2, 0, session(2))).isFalse();
    assertThat(end(NODE, 2, 2, 0)).isFalse();

    assertThat(head(NODE)).containsExactly(at(1, 1));
    assertThat(records(NODE)).containsExactly(session(1));
  }

  @Test
  default void shouldGoOnWhereTheStreamHoldsHigherNumbersThanTheNodeKnows() {
    rewrite(NODE, 1, 1);
    publish(changes(NODE, 1, 2));
    publish(changes(NODE, 1, 3));

    assertThat(rewrite(NODE, 2, 2, session(1))).isTrue();

    assertThat(head(NODE)).containsExactly(at(2, 2));
    assertThat(publish(changes(NODE, 2, 3, session(2)))).isTrue();
    assertThat(await(store().changes(NODE, new Position(2, 2), 10)))
        .contains(List.of(changes(NODE, 2, 3, session(2))));
  }
}
