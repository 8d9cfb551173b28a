package dev.presence.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplicaTest {

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final UserId ALICE = new UserId("alice");
  private static final SessionId PHONE = SessionId.create(1, new Random(1));
  private static final SessionId DESKTOP = SessionId.create(1, new Random(2));
  private static final long NEVER = Long.MAX_VALUE;

  private final Replica replica = new Replica();

  private static SessionRecord session(SessionId id, int attempt) {
    return new SessionRecord(
        id, ALICE, "phone", attempt, Phase.CONNECTED, Activity.ACTIVE, Wish.NONE, 100, null);
  }

  private static SessionRecord away(SessionId id) {
    return new SessionRecord(
        id, ALICE, "phone", 1, Phase.CONNECTED, Activity.AWAY, Wish.NONE, 100, null);
  }

  private static SessionRecord closed(SessionId id, int attempt, long lastSign) {
    return session(id, attempt).closed(CloseReason.SIGNED_OUT, lastSign);
  }

  private void apply(NodeId node, SessionRecord record) {
    replica.apply(node, record, NEVER);
  }

  private PresenceState seen() {
    return replica.merged(ALICE).state();
  }

  @Test
  void shouldMergeDevices() {
    assertThat(seen()).isEqualTo(PresenceState.OFFLINE);
    apply(A, away(PHONE));
    assertThat(seen()).isEqualTo(PresenceState.AWAY);
    apply(B, session(DESKTOP, 1));
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
    apply(B, session(DESKTOP, 1).withWish(new Wish(Availability.BUSY, 5)));
    assertThat(seen()).isEqualTo(PresenceState.BUSY);
    apply(A, away(PHONE).withWish(new Wish(Availability.AVAILABLE, 6)));
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldCountOnlyTheHighestAttemptOfASession() {
    apply(A, away(PHONE));
    apply(B, session(PHONE, 2));
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
    replica.remove(A, PHONE, ALICE, 0);
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
    assertThat(replica.find(PHONE, ALICE)).isNotNull();
  }

  @Test
  void shouldEndEveryEntryUpToTheClosedAttemptOnAnyNode() {
    apply(A, session(PHONE, 1));
    apply(B, session(PHONE, 2));
    apply(B, closed(PHONE, 2, 700));
    assertThat(replica.merged(ALICE)).isEqualTo(new Presence(ALICE, PresenceState.OFFLINE, 700));
  }

  @Test
  void shouldNotLetALateMessageBringAGhost() {
    apply(A, closed(PHONE, 2, 700));
    apply(B, session(PHONE, 1));
    apply(B, session(PHONE, 2));
    assertThat(seen()).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldKeepANewerAttemptWhenAnOlderOneIsClosed() {
    apply(B, session(PHONE, 3));
    apply(A, closed(PHONE, 2, 700));
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldRememberTheLastSignOfASessionOfWhichOnlyTheTombstoneWasRead() {
    apply(A, closed(DESKTOP, 1, 900));
    apply(A, session(PHONE, 1));
    apply(A, closed(PHONE, 1, 700));
    assertThat(replica.merged(ALICE)).isEqualTo(new Presence(ALICE, PresenceState.OFFLINE, 900));
  }

  @Test
  void shouldRememberTheLastSignOfASessionWhoseTombstoneCameAfterAnotherOne() {
    apply(A, session(PHONE, 1));
    apply(A, closed(DESKTOP, 1, 900));
    apply(A, closed(PHONE, 1, 700));
    assertThat(replica.merged(ALICE)).isEqualTo(new Presence(ALICE, PresenceState.OFFLINE, 900));
  }

  @Test
  void shouldForgetTombstonesWhenTheirTimeIsOver() {
    replica.apply(A, closed(PHONE, 2, 700), 1_000);
    replica.expire(999);
    assertThat(replica.find(PHONE, ALICE)).isEqualTo(new Replica.Known(2, true, null, null));
    replica.expire(1_000);
    assertThat(replica.find(PHONE, ALICE)).isNull();
    replica.sizes((what, size) -> assertThat(size).as(what).isZero());
  }

  @Test
  void shouldNotLetOneUsersTombstoneTouchAnothers() {
    UserId mallory = new UserId("mallory");
    apply(A, session(PHONE, 1));
    apply(
        B,
        new SessionRecord(
            PHONE,
            mallory,
            "x",
            1_000,
            Phase.CLOSED,
            Activity.ACTIVE,
            Wish.NONE,
            0,
            CloseReason.REPLACED));
    apply(A, session(PHONE, 2));
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
  }

  @Test
  void shouldShowTheGreatestLastSignOfAllDevices() {
    apply(A, session(PHONE, 1));
    apply(B, session(DESKTOP, 1));
    apply(A, closed(PHONE, 1, 900));
    apply(B, closed(DESKTOP, 1, 800));
    assertThat(replica.merged(ALICE).lastSeenMillis()).isEqualTo(900);
  }

  @Test
  void shouldReplaceANodesPartAndSayWhoIsTouched() {
    apply(A, session(PHONE, 1));
    apply(B, session(DESKTOP, 1));
    assertThat(replica.replace(A, List.of(), NEVER, moved -> {})).containsExactly(ALICE);
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
    replica.replace(B, List.of(), NEVER, moved -> {});
    assertThat(seen()).isEqualTo(PresenceState.OFFLINE);
  }

  @Test
  void shouldDropALostNodeInBoundedSteps() {
    apply(A, session(PHONE, 1));
    apply(A, session(DESKTOP, 1));
    assertThat(replica.dropSome(A, 5_000, 1)).containsExactly(ALICE);
    assertThat(seen()).isEqualTo(PresenceState.ONLINE);
    assertThat(replica.dropSome(A, 5_000, 1)).containsExactly(ALICE);
    assertThat(replica.merged(ALICE)).isEqualTo(new Presence(ALICE, PresenceState.OFFLINE, 5_000));
    assertThat(replica.dropSome(A, 5_000, 1)).isEmpty();
  }
}
