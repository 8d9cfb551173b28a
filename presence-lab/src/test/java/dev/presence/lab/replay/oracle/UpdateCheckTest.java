package dev.presence.lab.replay.oracle;

import static dev.presence.lab.replay.oracle.Story.ANN;
import static dev.presence.lab.replay.oracle.Story.BOB;
import static dev.presence.lab.replay.oracle.Story.EVE;
import static dev.presence.lab.replay.oracle.Story.wall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Story.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpdateCheckTest {

  private final Story story = new Story();
  private final Client ann = story.client(ANN, 0).sees(0.2, BOB, Seen.OFFLINE);

  private List<Fault> missing() {
    return story.judge().faults().stream()
        .filter(fault -> fault.kind() == Kind.MISSING_UPDATE)
        .toList();
  }

  @Test
  void shouldBeContentWhenAllIsToldInTime() {
    story.client(BOB, 10).away(12).active(14).busy(16).available(18).signsOut(20);
    ann.sees(10.05, BOB, Seen.ONLINE)
        .sees(12.1, BOB, Seen.AWAY)
        .sees(14.1, BOB, Seen.ONLINE)
        .sees(16.1, BOB, Seen.BUSY)
        .sees(18.1, BOB, Seen.ONLINE)
        .sees(20.3, BOB, Seen.OFFLINE);

    assertThat(missing()).isEmpty();
    assertThat(story.judge().updatesChecked()).isEqualTo(6);
  }

  @Test
  void shouldNameAChangeThatNeverCame() {
    story.client(BOB, 10);

    assertThat(missing())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.user()).isEqualTo("bob");
              assertThat(fault.sessionId()).isEqualTo(ann.id);
              assertThat(fault.atWallMillis()).isEqualTo(wall(10.1));
              assertThat(fault.detail())
                  .isEqualTo(
                      "was ONLINE from then on for ever, and 2 s later watcher ann still showed"
                          + " OFFLINE");
            });
  }

  @Test
  void shouldNameAChangeThatCameTooLate() {
    story.client(BOB, 10);
    ann.sees(12.2, BOB, Seen.ONLINE);

    assertThat(missing()).hasSize(1);
  }

  @Test
  void shouldNameAStatusThatWasNotTold() {
    story.client(BOB, 10).away(15);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(missing()).extracting(Fault::atWallMillis).containsExactly(wall(15));
  }

  @Test
  void shouldNotAskForAChangeThatDidNotLast() {
    story.client(BOB, 10).away(15).active(15.9).signsOut(30);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(30.2, BOB, Seen.OFFLINE);

    assertThat(missing()).isEmpty();
  }

  @Test
  void shouldAskForAChangeThatLastedJustASecond() {
    story.client(BOB, 10).away(15).active(16).signsOut(30);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(30.2, BOB, Seen.OFFLINE);

    assertThat(missing()).extracting(Fault::atWallMillis).containsExactly(wall(15));
  }

  @Test
  void shouldAcceptAShortChangeThatIsOverByTheTimeItMustHaveCome() {
    story.client(BOB, 10).away(15).active(16.2).signsOut(30);
    ann.sees(10.1, BOB, Seen.ONLINE)
        .sees(15.1, BOB, Seen.AWAY)
        .sees(16.3, BOB, Seen.ONLINE)
        .sees(30.2, BOB, Seen.OFFLINE);

    assertThat(missing()).isEmpty();
  }

  @Test
  void shouldNotBeContentWithAStateThatWasOverwritten() {
    story.client(BOB, 10);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(10.3, BOB, Seen.OFFLINE);

    assertThat(missing()).hasSize(1);
  }

  @Test
  void shouldExpectOfflineTenSecondsAfterACut() {
    story.client(BOB, 10).cut(20);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(missing()).extracting(Fault::atWallMillis).containsExactly(wall(30));
  }

  @Test
  void shouldExpectNothingOfACutThatIsResumed() {
    story.client(BOB, 10).cut(20).resumes(28);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(missing()).isEmpty();
  }

  @Test
  void shouldExpectNothingOfASecondDevice() {
    story.client(BOB, 10);
    story.client(BOB, 15).signsOut(20);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(missing()).isEmpty();
  }

  @Test
  void shouldKeepAWishToBeBusyForTheNextSession() {
    story.client(BOB, 10).busy(12).signsOut(14);
    story.client(BOB, 20);
    ann.sees(10.1, BOB, Seen.ONLINE)
        .sees(12.1, BOB, Seen.BUSY)
        .sees(14.1, BOB, Seen.OFFLINE)
        .sees(20.1, BOB, Seen.ONLINE);

    assertThat(missing())
        .extracting(Fault::atWallMillis, Fault::detail)
        .containsExactly(
            tuple(
                wall(20.1),
                "was BUSY from then on for ever, and 2 s later watcher ann still showed ONLINE"));
  }

  @Test
  void shouldNotAskAWatcherThatWasNotThereThroughout() {
    ann.cut(11).resumes(11.5);
    Client eve = story.client(EVE, 11);
    story.client(BOB, 10).sees(10.2, ANN, Seen.ONLINE).sees(11.1, EVE, Seen.ONLINE);
    ann.sees(11.9, EVE, Seen.ONLINE);

    assertThat(missing())
        .as("of bob: ann was cut, and eve came later")
        .extracting(Fault::sessionId)
        .doesNotContain(ann.id, eve.id);
  }

  @Test
  void shouldAskAResumedWatcher() {
    ann.cut(5).resumes(8);
    story.client(BOB, 10);

    assertThat(missing()).hasSize(1);
  }

  @Test
  void shouldNotAskForOfflineWhileAnotherDeviceMayBeThereAlready() {
    story.client(BOB, 10).signsOut(20);
    story.client(BOB, 20.5, 22);
    ann.sees(10.1, BOB, Seen.ONLINE);

    assertThat(missing()).as("offline for 0.5 s at least, and not surely longer").isEmpty();
  }

  @Test
  void shouldMeasureFromTheActThatCausedTheChange() {
    story.client(BOB, 10, 10.3).signsOut(20);
    ann.sees(10.2, BOB, Seen.ONLINE).sees(20.1, BOB, Seen.OFFLINE);

    Latencies latencies = story.judge().latencies();

    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.percentileMillis(50)).isCloseTo(100, within(0.1));
    assertThat(latencies.percentileMillis(100)).isCloseTo(200, within(0.1));
  }
}
