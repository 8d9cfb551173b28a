package dev.presence.client;

import static dev.presence.client.Words.complete;
import static dev.presence.client.Words.in;
import static dev.presence.client.Words.lastSeenComplete;
import static dev.presence.client.Words.offline;
import static dev.presence.client.Words.online;
import static dev.presence.client.Words.part;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import org.junit.jupiter.api.Test;

/** What the app is told of the contacts, over one stream and over a gap. */
class ContactViewTest {
  private final Told told = new Told();
  private final ContactView view = new ContactView(told);

  private void hear(ServerMessage... messages) {
    for (ServerMessage message : messages) {
      if (message.hasSnapshot()) {
        view.snapshot(message.getSnapshot());
      } else {
        view.apply(message.getChanges().getPresencesList());
      }
    }
  }

  /** A view that has seen bob and carol online, and dave offline since 100. */
  private void beforeTheGap() {
    view.begin();
    hear(complete(online("bob"), online("carol")), lastSeenComplete(offline("dave", 100)));
    told.news();
    view.begin();
  }

  @Test
  void shouldTellTheFirstSnapshotWhenItIsComplete() {
    view.begin();

    hear(part(online("bob")));
    assertThat(told.news()).isEmpty();
    hear(complete(in("carol", PresenceState.PRESENCE_STATE_BUSY)));

    assertThat(told.news()).containsExactly("snapshot bob ONLINE carol BUSY");
  }

  @Test
  void shouldTellLastSeenTimesAsTheyCome() {
    view.begin();

    hear(complete(online("bob")), part(offline("dave", 100)), lastSeenComplete(offline("eve", 90)));

    assertThat(told.news())
        .containsExactly("snapshot bob ONLINE", "dave OFFLINE 100", "eve OFFLINE 90");
  }

  @Test
  void shouldFoldChangesBetweenThePartsIntoTheSnapshot() {
    view.begin();

    hear(part(online("bob")), Words.changes(offline("bob", 7), online("carol")), complete());

    assertThat(told.news()).containsExactly("snapshot bob OFFLINE 7 carol ONLINE");
  }

  @Test
  void shouldTellAChangeOnce() {
    view.begin();
    hear(complete(online("bob")), lastSeenComplete());
    told.news();

    hear(Words.changes(offline("bob", 7)), Words.changes(offline("bob", 7)));

    assertThat(told.news()).containsExactly("bob OFFLINE 7");
  }

  @Test
  void shouldShowAStateItDoesNotKnowAsUnknown() {
    view.begin();

    hear(
        complete(dev.presence.v1.Presence.newBuilder().setUserId("bob").setStateValue(99).build()));

    assertThat(told.news()).containsExactly("snapshot bob UNKNOWN");
  }

  @Test
  void shouldTellNothingWhenNothingChangedInTheGap() {
    beforeTheGap();

    hear(complete(online("bob"), online("carol")), lastSeenComplete(offline("dave", 100)));

    assertThat(told.news()).isEmpty();
  }

  @Test
  void shouldTellOnlyWhatDiffersAfterTheGap() {
    beforeTheGap();

    hear(
        part(in("bob", PresenceState.PRESENCE_STATE_AWAY)),
        complete(online("carol"), online("dave")),
        lastSeenComplete());

    assertThat(told.news()).containsExactly("bob AWAY", "dave ONLINE");
  }

  @Test
  void shouldTellWhoLeftInTheGapOnceWithTheirLastSeen() {
    beforeTheGap();

    hear(complete(online("bob")));
    assertThat(told.news()).isEmpty();
    hear(lastSeenComplete(offline("carol", 200), offline("dave", 100)));

    assertThat(told.news()).containsExactly("carol OFFLINE 200");
  }

  @Test
  void shouldTellWhoLeftWithoutALastSeenAtTheEnd() {
    beforeTheGap();

    hear(complete(online("bob")), lastSeenComplete(offline("dave", 100)));

    assertThat(told.news()).containsExactly("carol OFFLINE");
  }

  @Test
  void shouldNotWaitForEverForALastSeen() {
    beforeTheGap();
    hear(complete(online("bob")));
    assertThat(view.isSettled()).isFalse();

    view.settle();
    assertThat(told.news()).containsExactly("carol OFFLINE");
    hear(lastSeenComplete(offline("carol", 200), offline("dave", 100)));

    assertThat(told.news()).containsExactly("carol OFFLINE 200");
  }

  @Test
  void shouldTellNothingOfWhoLeftAndCameBackBeforeItWasTold() {
    beforeTheGap();

    hear(
        complete(online("bob")),
        Words.changes(online("carol")),
        lastSeenComplete(offline("dave", 100)));

    assertThat(told.news()).isEmpty();
  }

  @Test
  void shouldTellANewerLastSeenOfWhoCameAndWentInTheGap() {
    beforeTheGap();

    hear(complete(online("bob"), online("carol")), lastSeenComplete(offline("dave", 300)));

    assertThat(told.news()).containsExactly("dave OFFLINE 300");
  }

  @Test
  void shouldForgetALastSeenThatIsNotShownAnyMore() {
    beforeTheGap();

    hear(complete(online("bob"), online("carol")), lastSeenComplete());

    assertThat(told.news()).containsExactly("dave OFFLINE");
  }

  @Test
  void shouldForgetHalfASnapshotWhoseStreamWasLost() {
    view.begin();
    hear(part(online("bob")));

    view.begin();
    hear(complete(online("carol")));

    assertThat(told.news()).containsExactly("snapshot carol ONLINE");
  }

  @Test
  void shouldCompareWithWhatWasToldWhenTwoStreamsAreLostInARow() {
    beforeTheGap();
    hear(complete(online("bob"))); // carol's leaving is not told yet

    view.begin();
    hear(complete(online("bob")), lastSeenComplete(offline("carol", 5), offline("dave", 100)));

    assertThat(told.news()).containsExactly("carol OFFLINE 5");
  }
}
