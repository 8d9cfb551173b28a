package dev.presence.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.server.cluster.ClusterStore.NodeImage;
import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Head;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A read that takes its time shows one moment, or fails. */
final class FakeReadTest {

  private static final NodeId NODE = new NodeId("n");
  private static final SessionRecord ONE = session(1);
  private static final SessionRecord TWO = session(2);

  private final StoredNode part = new StoredNode();

  FakeReadTest() {
    rewrite(1, 1, ONE);
  }

  @Test
  void shouldBeExactWhereItEndsWhateverTheScanHasSeen() {
    for (int seed = 0; seed < 50; seed++) {
      StoredNode changing = new StoredNode(part);
      FakeRead read = new FakeRead(changing);
      changing.publish(new ChangeSet(NODE, at(2), 1, false, List.of(TWO), List.of(ONE.key())));
      changing.publish(new ChangeSet(NODE, at(3), 2, false, List.of(ONE), List.of(TWO.key())));

      assertThat(read.end(changing, new Random(seed)))
          .isEqualTo(new NodeImage(Head.at(at(3)), List.of(ONE)));
    }
  }

  @Test
  void shouldFailWhereTheNodeBeginsAnewMeanwhile() {
    FakeRead building = new FakeRead(part);
    FakeRead complete = new FakeRead(part);
    part.begin(2);
    assertTorn(building);

    part.addChunk(2, 0, List.of(TWO));
    part.end(new ChangeSet(NODE, new Position(2, 2), 1, true, List.of(), List.of()), 1);
    assertTorn(complete);
  }

  @Test
  void shouldFailWhereTheStreamDoesNotReachBackToItsBeginning() {
    FakeRead read = new FakeRead(part);
    part.publish(new ChangeSet(NODE, at(2), 1, false, List.of(TWO), List.of()));
    part.publish(new ChangeSet(NODE, at(3), 2, false, List.of(), List.of()));
    part.trim(3);

    assertTorn(read);
  }

  @Test
  void shouldFailWhereThePartIsLostOrFallsBackMeanwhile() {
    StoredNode older = new StoredNode(part);
    part.publish(new ChangeSet(NODE, at(2), 1, false, List.of(TWO), List.of()));
    FakeRead read = new FakeRead(part);

    assertThatThrownBy(() -> read.end(null, new Random(1)))
        .isInstanceOf(FakeRead.TornException.class);
    assertThatThrownBy(() -> read.end(older, new Random(1)))
        .isInstanceOf(FakeRead.TornException.class);
  }

  @Test
  void shouldShowAPartThatIsBeingBuiltAsItIs() {
    part.begin(2);
    FakeRead read = new FakeRead(part);

    assertThat(read.end(part, new Random(1))).isEqualTo(new NodeImage(Head.building(2), List.of()));
  }

  private void assertTorn(FakeRead read) {
    assertThatThrownBy(() -> read.end(part, new Random(1)))
        .isInstanceOf(FakeRead.TornException.class);
  }

  private void rewrite(long epoch, long seq, SessionRecord record) {
    part.begin(epoch);
    part.addChunk(epoch, 0, List.of(record));
    Position position = new Position(epoch, seq);
    part.end(new ChangeSet(NODE, position, seq - 1, true, List.of(), List.of()), 1);
  }

  private static Position at(long seq) {
    return new Position(1, seq);
  }

  private static SessionRecord session(int number) {
    return new SessionRecord(
        SessionId.create(number, new Random(number)),
        new UserId("u" + number),
        "phone",
        1,
        Phase.CONNECTED,
        Activity.ACTIVE,
        Wish.NONE,
        number,
        null);
  }
}
