package dev.presence.lab.replay.oracle;

import static dev.presence.lab.replay.oracle.Story.ANN;
import static dev.presence.lab.replay.oracle.Story.BOB;
import static dev.presence.lab.replay.oracle.Story.EVE;
import static dev.presence.lab.replay.oracle.Story.wall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Story.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ViewCheckTest {

  private final Story story = new Story();
  private final Client ann =
      story.client(ANN, 0).sees(0.2, BOB, Seen.OFFLINE).sees(0.2, EVE, Seen.OFFLINE);

  private List<String> wrong(double atSeconds) {
    story.checkpoint(atSeconds, ann);
    return story.judge().faults().stream()
        .filter(fault -> fault.kind() == Kind.WRONG_VIEW)
        .map(fault -> fault.user() + " " + fault.detail())
        .toList();
  }

  @Test
  void shouldAcceptContactsWhoNeverCame() {
    assertThat(wrong(5)).isEmpty();
    assertThat(story.judge().viewsCompared()).isEqualTo(2);
  }

  @Test
  void shouldNameAWrongState() {
    story.client(BOB, 10).busy(11);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(wrong(20))
        .containsExactly("bob at checkpoint 1 watcher ann showed ONLINE instead of BUSY");
  }

  @Test
  void shouldNameAContactOfWhomNothingWasTold() {
    Client bob = story.client(BOB, 10).sees(10.2, ANN, Seen.ONLINE);
    story.checkpoint(20, bob);

    assertThat(wrong(21))
        .contains("eve at checkpoint 1 watcher bob showed UNKNOWN instead of OFFLINE");
  }

  @Test
  void shouldAcceptALastSeenWithinASecond() {
    story.client(BOB, 10).beats(18).cut(20);
    ann.sees(30.1, BOB, Seen.OFFLINE, wall(18.9));

    assertThat(wrong(40)).isEmpty();
  }

  @Test
  void shouldNameALastSeenThatIsTheTimeOfTheVerdict() {
    story.client(BOB, 10).beats(18).cut(20);
    ann.sees(30.1, BOB, Seen.OFFLINE, wall(30));

    assertThat(wrong(40))
        .containsExactly(
            "bob at checkpoint 1 watcher ann showed last seen 1970-01-12T13:47:10Z instead of"
                + " 1970-01-12T13:46:58Z");
  }

  @Test
  void shouldNameALastSeenThatIsMissingOrMadeUp() {
    story.client(BOB, 10).signsOut(18);
    ann.sees(18.1, BOB, Seen.OFFLINE, 0).sees(18.1, EVE, Seen.OFFLINE, wall(1));

    assertThat(wrong(40)).hasSize(2);
  }

  @Test
  void shouldTakeTheLatestSignOfLifeOfAllSessions() {
    story.client(BOB, 10).signsOut(25);
    story.client(BOB, 11).beats(19).cut(20);
    ann.sees(30.1, BOB, Seen.OFFLINE, wall(25));

    assertThat(wrong(40)).isEmpty();
  }

  @Test
  void shouldAllowForAMessageThatWasCutOffUnderway() {
    story.client(BOB, 10).beats(18).beats(26).cut(26.1);
    ann.sees(36.2, BOB, Seen.OFFLINE, wall(18));

    assertThat(wrong(40)).isEmpty();
  }

  @Test
  void shouldNotAllowForAMessageThatHadTimeToArrive() {
    story.client(BOB, 10).beats(18).beats(26).cut(27);
    ann.sees(37.2, BOB, Seen.OFFLINE, wall(18));

    assertThat(wrong(40)).hasSize(1);
  }
}
