package dev.presence.lab.replay.oracle;

import static dev.presence.lab.replay.oracle.Story.BOB;
import static dev.presence.lab.replay.oracle.Story.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.presence.lab.replay.oracle.Story.Client;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {

  private final Story story = new Story();

  /** The states of a user over time: each with the second in which it begins. */
  private static List<String> told(Client... clients) {
    List<Life> lives = new ArrayList<>();
    List<Wished> wishes = new ArrayList<>();
    List<Life.Span> ghosts = new ArrayList<>();
    for (Client client : clients) {
      lives.addAll(client.log.lives());
      wishes.addAll(client.log.wishes());
      ghosts.addAll(client.log.ghosts());
    }
    return new Timeline(lives, wishes, ghosts)
        .segments().stream()
            .skip(1)
            .map(
                segment ->
                    "%.1f %s".formatted(segment.fromMicros() / 1e6, Seen.describe(segment.mask())))
            .toList();
  }

  @Test
  void shouldLeaveOpenWhatIsTrueBetweenOpenAndHello() {
    assertThat(told(story.client(BOB, 1, 1.4).signsOut(5)))
        .containsExactly("1.0 OFFLINE or ONLINE", "1.4 ONLINE", "5.0 OFFLINE");
  }

  @Test
  void shouldMergeDevices() {
    Client phone = story.client(BOB, 1).away(3).signsOut(9);
    Client desktop = story.client(BOB, 2).away(5).active(7).signsOut(8);

    assertThat(told(phone, desktop))
        .containsExactly(
            "1.0 OFFLINE or ONLINE",
            "1.1 ONLINE",
            "5.0 AWAY",
            "7.0 ONLINE",
            "8.0 AWAY",
            "9.0 OFFLINE");
  }

  @Test
  void shouldLetAWishToBeBusyOutliveItsSession() {
    Client first = story.client(BOB, 1).busy(2).signsOut(3);
    Client second = story.client(BOB, 5).available(7).signsOut(8);

    assertThat(told(first, second))
        .containsExactly(
            "1.0 OFFLINE or ONLINE",
            "1.1 ONLINE",
            "2.0 BUSY",
            "3.0 OFFLINE",
            "5.0 OFFLINE or BUSY",
            "5.1 BUSY",
            "7.0 ONLINE",
            "8.0 OFFLINE");
  }

  @Test
  void shouldLeaveOpenWhichOfTwoWishesIsTheNewerOneWhenTheyCrossed() {
    Client phone = story.client(BOB, 1).busy(2);
    Client desktop = story.client(BOB, 1).available(2.4).busy(6);

    assertThat(told(phone, desktop))
        .containsExactly(
            "1.0 OFFLINE or ONLINE", "1.1 ONLINE", "2.0 BUSY", "2.4 ONLINE or BUSY", "6.0 BUSY");
  }

  @Test
  void shouldHoldACutSessionForTenSeconds() {
    assertThat(told(story.client(BOB, 1).away(2).cut(3)))
        .containsExactly("1.0 OFFLINE or ONLINE", "1.1 ONLINE", "2.0 AWAY", "13.0 OFFLINE");
  }

  @Test
  void shouldSeeNothingOfACutThatIsResumed() {
    assertThat(told(story.client(BOB, 1).cut(3).resumes(8).signsOut(20)))
        .containsExactly("1.0 OFFLINE or ONLINE", "1.1 ONLINE", "20.0 OFFLINE");
  }

  @Test
  void shouldCountTwoSessionsWhenAResumeBroughtANewOne() {
    Client client = story.client(BOB, 1).cut(3);
    client.log.open(micros(8), Story.wall(8));
    client.log.hello(micros(8.1), Story.wall(8.1), "another");
    client.signsOut(20);

    assertThat(client.log.lives())
        .extracting(Life::sessionId, Life::reason)
        .containsExactly(
            tuple(client.id, Life.Reason.CONNECTION_LOST),
            tuple("another", Life.Reason.SIGNED_OUT));
  }

  @Test
  void shouldLeaveOpenWhetherAnUnansweredOpenMadeASession() {
    Client client = story.client(BOB, 1).signsOut(2);
    SessionLog unanswered = new SessionLog(BOB, 2);
    unanswered.open(micros(5), Story.wall(5));
    unanswered.cut(micros(8));

    Timeline timeline = new Timeline(client.log.lives(), List.of(), unanswered.ghosts());

    assertThat(timeline.at(micros(10)).mask()).isEqualTo(Seen.OFFLINE.mask() | Seen.ONLINE.mask());
    assertThat(timeline.at(micros(21)).is(Seen.OFFLINE)).isTrue();
  }
}
