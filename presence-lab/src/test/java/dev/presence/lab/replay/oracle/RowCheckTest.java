package dev.presence.lab.replay.oracle;

import static dev.presence.lab.replay.oracle.Story.ANN;
import static dev.presence.lab.replay.oracle.Story.BOB;
import static dev.presence.lab.replay.oracle.Story.wall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Story.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowCheckTest {

  private final Story story = new Story();
  private final Client ann = story.client(ANN, 10).beats(18).signsOut(20);
  private final Client bob = story.client(BOB, 11).cut(12).resumes(15).beats(23).cut(30);

  private Story allRight() {
    return story
        .row(ann.id, "ann", 10.05, 20, "SIGNED_OUT")
        .row(bob.id, "bob", 11.05, 23, "CONNECTION_LOST");
  }

  private List<Fault> faults() {
    return story.judge().faults().stream()
        .filter(fault -> fault.kind().compareTo(Kind.MISSING_ROW) >= 0)
        .toList();
  }

  @Test
  void shouldBeContentWithOneRightRowASession() {
    allRight();

    assertThat(faults()).isEmpty();
    assertThat(story.judge().rowsCompared()).isEqualTo(2);
  }

  @Test
  void shouldNameAMissingRow() {
    story.row(ann.id, "ann", 10, 20, "SIGNED_OUT");

    assertThat(faults())
        .containsExactly(
            new Fault(
                Kind.MISSING_ROW,
                "bob",
                bob.id,
                wall(11),
                "opened then, ended by CONNECTION_LOST, and has no row"));
  }

  @Test
  void shouldNameAnExtraRow() {
    allRight().row("session-99", "eve", 12, 13, "SIGNED_OUT");

    assertThat(faults())
        .containsExactly(
            new Fault(
                Kind.EXTRA_ROW,
                "eve",
                "session-99",
                wall(12),
                "no client was told of this session"));
  }

  @Test
  void shouldNameASecondRowOfASession() {
    allRight().row(ann.id, "ann", 10, 20, "SIGNED_OUT");

    assertThat(faults())
        .extracting(Fault::kind, Fault::sessionId)
        .containsExactly(tuple(Kind.EXTRA_ROW, ann.id));
  }

  @Test
  void shouldNameEachDifference() {
    story
        .row(ann.id, "eve", 8.9, 21.1, "CONNECTION_LOST")
        .row(bob.id, "bob", 11, 24.1, "CONNECTION_LOST");

    assertThat(faults())
        .extracting(Fault::detail)
        .containsExactly(
            "user is eve; opened is 1970-01-12T13:46:48.900Z instead of 1970-01-12T13:46:50.100Z;"
                + " last sign of life is 1970-01-12T13:47:01.100Z instead of"
                + " 1970-01-12T13:47:00Z; close reason is CONNECTION_LOST instead of SIGNED_OUT",
            "last sign of life is 1970-01-12T13:47:04.100Z instead of 1970-01-12T13:47:03Z");
  }

  @Test
  void shouldNameARowThatWasNeverClosed() {
    story.row(ann.id, "ann", 10, 20, "SIGNED_OUT").row(bob.id, "bob", 11, 23, null);

    assertThat(faults())
        .extracting(Fault::detail)
        .containsExactly("close reason is null instead of CONNECTION_LOST");
  }
}
