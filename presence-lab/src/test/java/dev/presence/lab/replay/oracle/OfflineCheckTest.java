package dev.presence.lab.replay.oracle;

import static dev.presence.lab.replay.oracle.Story.ANN;
import static dev.presence.lab.replay.oracle.Story.BOB;
import static dev.presence.lab.replay.oracle.Story.wall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.replay.oracle.Fault.Kind;
import dev.presence.lab.replay.oracle.Story.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OfflineCheckTest {

  private final Story story = new Story();
  private final Client ann = story.client(ANN, 0).sees(0.2, BOB, Seen.OFFLINE);

  private List<Fault> falseOfflines() {
    return story.judge().faults().stream()
        .filter(fault -> fault.kind() == Kind.FALSE_OFFLINE)
        .toList();
  }

  @Test
  void shouldNameAnOfflineOfSomebodyWhoIsThere() {
    story.client(BOB, 10);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(15, BOB, Seen.OFFLINE);

    assertThat(falseOfflines())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.user()).isEqualTo("bob");
              assertThat(fault.sessionId()).isEqualTo(ann.id);
              assertThat(fault.atWallMillis()).isEqualTo(wall(15));
              assertThat(fault.detail())
                  .isEqualTo(
                      "watcher ann was told OFFLINE, and the user had had a live session for the"
                          + " whole second before");
            });
  }

  @Test
  void shouldNameAnOfflineWithinTheGracePeriod() {
    story.client(BOB, 10).cut(10.5);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(10.9, BOB, Seen.OFFLINE);

    assertThat(falseOfflines())
        .extracting(Fault::detail)
        .containsExactly("watcher ann was told OFFLINE, and the user was cut less than 10 s ago");
  }

  @Test
  void shouldNameAnOfflineJustBeforeTheGracePeriodIsOver() {
    story.client(BOB, 10).cut(20);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(29.9, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).hasSize(1);
  }

  @Test
  void shouldAcceptOfflineAfterTheGracePeriod() {
    story.client(BOB, 10).cut(20);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(30.01, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).isEmpty();
  }

  @Test
  void shouldNameAnOfflineOfASessionThatWasResumed() {
    story.client(BOB, 10).cut(20).resumes(25);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(30.1, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).hasSize(1);
  }

  @Test
  void shouldAcceptOfflineAfterASignOut() {
    story.client(BOB, 10).signsOut(20);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(20.1, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).isEmpty();
  }

  @Test
  void shouldAcceptALateOfflineWhoseUserIsJustBack() {
    story.client(BOB, 10).signsOut(20);
    story.client(BOB, 20.2);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(20.5, BOB, Seen.OFFLINE).sees(20.6, BOB, Seen.ONLINE);

    assertThat(falseOfflines()).isEmpty();
  }

  @Test
  void shouldNameAnOfflineWhileOneOfTwoDevicesIsLeft() {
    story.client(BOB, 10).signsOut(20);
    story.client(BOB, 11);
    ann.sees(10.1, BOB, Seen.ONLINE).sees(20.2, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).hasSize(1);
  }

  @Test
  void shouldNameASnapshotThatLeavesOutSomebodyWhoIsThere() {
    story.client(BOB, 10);
    story.client(ANN, 20).sees(20.2, BOB, Seen.OFFLINE);

    assertThat(falseOfflines()).extracting(Fault::atWallMillis).containsExactly(wall(20.2));
  }
}
