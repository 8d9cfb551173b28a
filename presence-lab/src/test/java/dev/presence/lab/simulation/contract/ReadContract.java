package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.at;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static dev.presence.lab.simulation.contract.Facts.tombstone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How others' parts are read: in full, and on from a place in the stream. */
interface ReadContract extends StoreUnderTest {

  @Test
  default void shouldReadANodesStreamWhateverTheEpochs() {
    rewrite(NODE, 1, 1);
    publish(changes(NODE, 1, 2, session(1)));
    rewrite(NODE, 2, 3, session(1));
    publish(changes(NODE, 2, 4, session(2)));

    assertThat(await(store().stream(NODE, 1, 10)))
        .containsExactly(
            changes(NODE, 1, 2, session(1)),
            new ChangeSet(NODE, new Position(2, 3), 2, true, List.of(), List.of()),
            changes(NODE, 2, 4, session(2)));
    assertThat(await(store().stream(NODE, 2, 1))).hasSize(1);
    assertThat(await(store().stream(NODE, 4, 10))).isEmpty();
    assertThat(await(store().stream(OTHER, 0, 10))).isEmpty();
    await(store().trim(NODE, 4));
    assertThat(await(store().stream(NODE, 1, 10)))
        .as("a gap is the reader's to see")
        .containsExactly(changes(NODE, 2, 4, session(2)));
  }

  @Test
  default void shouldFindNothingOfANodeThatWroteNothing() {
    rewrite(OTHER, 1, 1, session(1));

    assertThat(await(store().read(NODE)))
        .isEqualTo(new NodeImage(Head.at(Position.NONE), List.of()));
    assertThat(head(NODE)).isEmpty();
  }

  @Test
  default void shouldReadAPartAtItsHead() {
    rewrite(NODE, 1, 1, session(1));
    publish(changes(NODE, 1, 2, tombstone(1)));

    assertThat(await(store().read(NODE))).isEqualTo(new NodeImage(at(1, 2), List.of(tombstone(1))));
  }

  @Test
  default void shouldReadAPartThatIsBeingBuiltAsIncomplete() {
    rewrite(NODE, 1, 1, session(1));
    begin(NODE, 2);
    add(NODE, 2, 0, session(2));

    assertThat(await(store().read(NODE)))
        .isEqualTo(new NodeImage(Head.building(2), List.of(session(2))));
  }

  @Test
  default void shouldReadTheHeadsThatThereAre() {
    rewrite(NODE, 1, 4);
    assertThat(await(store().heads(List.of(NODE, OTHER)))).isEqualTo(Map.of(NODE, at(1, 4)));

    begin(OTHER, 7);
    assertThat(await(store().heads(List.of(NODE, OTHER))))
        .isEqualTo(Map.of(NODE, at(1, 4), OTHER, Head.building(7)));
    assertThat(await(store().heads(List.of()))).isEmpty();
  }

  @Test
  default void shouldReadOnFromAPlace() {
    rewrite(NODE, 1, 1, session(1));
    publish(changes(NODE, 1, 2, session(2)));
    publish(changes(NODE, 1, 3, tombstone(2)));

    assertThat(after(1, 1))
        .contains(List.of(changes(NODE, 1, 2, session(2)), changes(NODE, 1, 3, tombstone(2))));
    assertThat(after(1, 2)).contains(List.of(changes(NODE, 1, 3, tombstone(2))));
    assertThat(after(1, 3)).as("nothing newer").contains(List.of());
  }

  @Test
  default void shouldReadNoMoreThanIsAskedFor() {
    published(5);

    assertThat(await(store().changes(NODE, new Position(1, 1), 2)))
        .contains(List.of(changes(NODE, 1, 2), changes(NODE, 1, 3)));
    assertThat(await(store().changes(NODE, new Position(1, 3), 2)))
        .contains(List.of(changes(NODE, 1, 4), changes(NODE, 1, 5)));
  }

  @Test
  default void shouldShowOnceAChangeSetThatWasSentTwice() {
    rewrite(NODE, 1, 1);
    publish(changes(NODE, 1, 2));
    publish(changes(NODE, 1, 2));

    assertThat(after(1, 1)).contains(List.of(changes(NODE, 1, 2)));
  }

  @Test
  default void shouldNotReadOnFromAPlaceThatWasTrimmed() {
    published(6);

    await(store().trim(NODE, 4));
    await(store().trim(NODE, 4));
    await(store().trim(NODE, 2));

    assertThat(after(1, 2)).isEmpty();
    assertThat(after(1, 3)).as("the last place that can go on").isPresent();
    assertThat(publish(changes(NODE, 1, 7))).isTrue();
    assertThat(after(1, 6)).contains(List.of(changes(NODE, 1, 7)));
  }

  @Test
  default void shouldReadOnOnlyFromTheHeadWhereAllWasTrimmed() {
    published(3);

    await(store().trim(NODE, 9));

    assertThat(after(1, 2)).isEmpty();
    assertThat(after(1, 3)).contains(List.of());
    assertThat(await(store().read(NODE)).head()).isEqualTo(at(1, 3));
    assertThat(publish(changes(NODE, 1, 4))).isTrue();
  }

  @Test
  default void shouldTrimNothingOfANodeThatWroteNothing() {
    await(store().trim(NODE, 4));

    assertThat(head(NODE)).isEmpty();
  }

  @Test
  default void shouldNotReadOnIntoAnotherEpoch() {
    published(3);
    begin(NODE, 2);
    assertThat(after(1, 2)).as("building").isEmpty();
    assertThat(after(1, 3)).as("building").isEmpty();

    end(NODE, 2, 4, 0);
    assertThat(after(1, 2)).isEmpty();
    assertThat(after(1, 3)).isEmpty();
    assertThat(after(2, 3)).as("a reset is no change set to apply").isEmpty();
    assertThat(after(2, 4)).contains(List.of());
  }

  @Test
  default void shouldNotReadOnWhereTheStoreLostHistory() {
    published(2);
    save(NODE);
    publish(changes(NODE, 1, 3));
    restore(NODE);
    assertThat(after(1, 3)).isEmpty();
    assertThat(after(1, 2)).contains(List.of());

    losePart(NODE);
    assertThat(after(1, 2)).isEmpty();
  }

  @Test
  default void shouldKeepNodesApartWhenTheyAreRead() {
    published(2);
    rewrite(OTHER, 1, 1);

    assertThat(await(store().changes(OTHER, new Position(1, 1), 10))).contains(List.of());
    await(store().trim(OTHER, 9));
    assertThat(after(1, 1)).contains(List.of(changes(NODE, 1, 2)));
  }

  /** Writes a part at 1, and change sets up to {@code seq}. */
  private void published(int seq) {
    rewrite(NODE, 1, 1);
    for (int next = 2; next <= seq; next++) {
      publish(changes(NODE, 1, next));
    }
  }

  private Optional<List<ChangeSet>> after(long epoch, long seq) {
    return await(store().changes(NODE, new Position(epoch, seq), 100));
  }
}
