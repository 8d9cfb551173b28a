package dev.presence.lab.chaos.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import dev.presence.lab.chaos.oracle.Trouble.Leniency;
import dev.presence.lab.replay.oracle.HistoryRow;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.replay.plan.Contacts;
import dev.presence.lab.replay.plan.Contacts.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ada watches Bob; all times in the stories are seconds. */
final class JudgeTest {

  private static final int ADA = 0;
  private static final int BOB = 1;
  private static final double UNTIL = 100;

  private final ClientLog ada = new ClientLog(ADA, false);
  private final ClientLog bob = new ClientLog(BOB, true);
  private final List<ClientLog> logs = new ArrayList<>(List.of(ada, bob));
  private final List<Trouble> troubles = new ArrayList<>();
  private final List<HistoryRow> rows = new ArrayList<>();

  private static long at(double seconds) {
    return Math.round(seconds * 1e6);
  }

  @BeforeEach
  void bothCome() {
    ada.note(at(1), Deed.OPENED);
    ada.greeted(at(1.1), "a", "server1-x");
    ada.told(at(1.2), BOB, Seen.OFFLINE, 0);
    row("a", "ada", 1, 1, null);
    bob.note(at(2), Deed.OPENED);
    bob.greeted(at(2.1), "b", "server2-x");
    bob.told(at(2.2), ADA, Seen.ONLINE, 0);
    ada.told(at(2.2), BOB, Seen.ONLINE, 0);
  }

  private void row(
      String session, String user, double opened, double lastSign, @Nullable String reason) {
    rows.add(
        new HistoryRow(
            session, user, Math.round(opened * 1e3), Math.round(lastSign * 1e3), reason));
  }

  private void trouble(double from, double healed, Map<String, Long> lost) {
    troubles.add(new Trouble("trouble", at(from), at(healed), at(5), lost, 10_000, Leniency.VIEWS));
  }

  private Verdict verdict() {
    return Judge.judge(
        new Evidence(
            List.of("ada", "bob"),
            Contacts.of(2, List.of(new Pair(ADA, BOB))),
            logs,
            troubles,
            rows,
            0,
            0,
            at(UNTIL),
            0));
  }

  private List<Kind> found() {
    return verdict().findings().stream().map(Finding::kind).distinct().toList();
  }

  @Test
  void shouldFindNothingInACalmStory() {
    row("b", "bob", 2, 2, null);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAFalseOfflineOfSomebodyConnected() {
    row("b", "bob", 2, 2, null);
    ada.told(at(20), BOB, Seen.OFFLINE, 2_000);
    ada.told(at(20.1), BOB, Seen.ONLINE, 0);
    assertThat(found()).containsExactly(Kind.FALSE_OFFLINE, Kind.WRONG_VIEW);
  }

  @Test
  void shouldFindAFalseOfflineOfSomebodyWhoseGracePeriodRuns() {
    row("b", "bob", 2, 38, null);
    bob.note(at(30), Deed.CUT);
    ada.told(at(36), BOB, Seen.OFFLINE, 2_000);
    bob.note(at(38), Deed.OPENED);
    bob.greeted(at(38.1), "b", "server1-x");
    ada.told(at(38.2), BOB, Seen.ONLINE, 0);
    assertThat(found()).contains(Kind.FALSE_OFFLINE);
  }

  @Test
  void shouldFindNothingInAnAbsenceThatNobodySees() {
    row("b", "bob", 2, 38, null);
    bob.note(at(30), Deed.CUT);
    bob.note(at(38), Deed.OPENED);
    bob.greeted(at(38.1), "b", "server1-x");
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldLetSomebodySignOutWhoIsJustBack() {
    row("b", "bob", 2, 38.5, "SIGNED_OUT");
    bob.note(at(30), Deed.CUT);
    bob.note(at(38), Deed.OPENED);
    bob.greeted(at(38.1), "b", "server1-x");
    bob.note(at(38.5), Deed.SENT);
    bob.note(at(38.5), Deed.SIGNED_OUT);
    ada.told(at(38.6), BOB, Seen.OFFLINE, 38_500);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldLetSomebodyBeOfflineWhoWasAwayForTooLong() {
    row("b", "bob", 2, 2, "CONNECTION_LOST");
    row("c", "bob", 44, 44, null);
    bob.note(at(30), Deed.CUT);
    ada.told(at(40.1), BOB, Seen.OFFLINE, 2_000);
    bob.note(at(44), Deed.OPENED);
    bob.greeted(at(44.1), "c", "server1-x");
    ada.told(at(44.2), BOB, Seen.ONLINE, 0);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAClientThatIsNotBackInTimeThroughNoFaultOfItsOwn() {
    row("b", "bob", 2, 44, null);
    bob.note(at(30), Deed.LOST);
    bob.note(at(44), Deed.OPENED);
    bob.greeted(at(44.1), "b", "server1-x");
    assertThat(found()).containsExactly(Kind.LATE_RETURN);
  }

  @Test
  void shouldFindAClientThatIsNotBackInTimeThoughItsLineIsWholeAgain() {
    row("b", "bob", 2, 44, null);
    bob.note(at(30), Deed.CUT);
    bob.note(at(33), Deed.MENDED);
    bob.note(at(44), Deed.OPENED);
    bob.greeted(at(44.1), "b", "server1-x");
    assertThat(found()).containsExactly(Kind.LATE_RETURN);
  }

  @Test
  void shouldFindAnAppThatIsToldThatSomebodyHasComeWhoIsNotThere() {
    row("b", "bob", 2, 30, "SIGNED_OUT");
    bob.note(at(30), Deed.SIGNED_OUT);
    ada.told(at(30.1), BOB, Seen.OFFLINE, 30_000);
    ada.told(at(50), BOB, Seen.ONLINE, 0);
    ada.told(at(50.5), BOB, Seen.OFFLINE, 30_000);
    assertThat(found()).contains(Kind.FALSE_EVENT);
  }

  @Test
  void shouldFindAnAppThatIsToldOfAStranger() {
    ada.toldOfStranger(at(20), "eve");
    assertThat(found()).contains(Kind.LEAK);
  }

  @Test
  void shouldFindAnAppThatStillShowsSomebodyWhoSignedOut() {
    row("b", "bob", 2, 50, "SIGNED_OUT");
    bob.note(at(50), Deed.SENT);
    bob.note(at(50), Deed.SIGNED_OUT);
    assertThat(found()).containsExactly(Kind.WRONG_VIEW);
    assertThat(verdict().wrongAtEnd()).isEqualTo(1);
  }

  @Test
  void shouldAllowWrongViewsInAFaultAndJustAfterIt() {
    row("b", "bob", 2, 50, "SIGNED_OUT");
    trouble(49, 60, Map.of());
    bob.note(at(50), Deed.SENT);
    bob.note(at(50), Deed.SIGNED_OUT);
    ada.told(at(63), BOB, Seen.OFFLINE, 50_000);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldMeasureForHowLongAViewIsWrongAfterAFault() {
    row("b", "bob", 2, 2, null);
    trouble(49, 60, Map.of());
    ada.told(at(55), BOB, Seen.UNKNOWN, 0);
    ada.told(at(64), BOB, Seen.ONLINE, 0);
    assertThat(verdict().convergedMicros()).containsEntry("trouble", at(4));
    assertThat(found()).containsExactly(Kind.FALSE_EVENT);
  }

  @Test
  void shouldCountTheHandoverOnlyForWhoLeavesADeadServer() {
    row("b", "bob", 2, 2, "NODE_LOST");
    trouble(50, 50, Map.of("server2", at(50)));
    bob.note(at(54), Deed.VANISHED);
    ada.told(at(65.2), BOB, Seen.OFFLINE, 9_000);
    assertThat(found()).isEmpty();
    assertThat(verdict().offlineMicros()).containsEntry("trouble", at(11.2));
  }

  @Test
  void shouldCountTheHandoverFromALeaseThatWasRenewedASecondBeforeTheDeath() {
    row("b", "bob", 2, 2, null);
    trouble(50, 50, Map.of("server2", at(50)));
    bob.note(at(54), Deed.CUT);
    ada.told(at(64.2), BOB, Seen.OFFLINE, 2_000);
    bob.note(at(65), Deed.OPENED);
    bob.greeted(at(65.1), "b", "server1-x");
    ada.told(at(65.2), BOB, Seen.ONLINE, 0);
    assertThat(found()).doesNotContain(Kind.FALSE_OFFLINE);
  }

  @Test
  void shouldNotTakeASnapshotForLateNews() {
    row("b", "bob", 2, 2, "NODE_LOST");
    row("c", "ada", 80, 80, null);
    trouble(50, 50, Map.of("server2", at(50)));
    bob.note(at(54), Deed.VANISHED);
    ada.told(at(65.2), BOB, Seen.OFFLINE, 9_000);
    ClientLog second = new ClientLog(ADA, false);
    second.note(at(80), Deed.OPENED);
    second.greeted(at(80.1), "c", "server1-x");
    second.told(at(80.2), BOB, Seen.OFFLINE, 9_000);
    logs.add(second);
    assertThat(verdict().offlineMicros()).containsEntry("trouble", at(11.2));
  }

  @Test
  void shouldFindAWrongLastSeen() {
    row("b", "bob", 2, 50, "SIGNED_OUT");
    bob.note(at(50), Deed.SENT);
    bob.note(at(50), Deed.SIGNED_OUT);
    ada.told(at(50.1), BOB, Seen.OFFLINE, 40_000);
    assertThat(found()).containsExactly(Kind.WRONG_LAST_SEEN);
  }

  /** It was over when its client asked for it: that was no sign of life of it. */
  @Test
  void shouldLetTheLastSignBeBeforeTheSessionWasAskedForInVain() {
    row("b", "bob", 2, 20, "CONNECTION_LOST");
    row("c", "bob", 36, 36, null);
    bob.note(at(20), Deed.SENT);
    bob.note(at(20), Deed.LOST);
    ada.told(at(30.2), BOB, Seen.OFFLINE, 20_000);
    bob.note(at(34), Deed.OPENED);
    bob.note(at(36), Deed.OPENED);
    bob.greeted(at(36.1), "c", "server2-x");
    ada.told(at(36.3), BOB, Seen.OFFLINE, 20_000);
    ada.told(at(36.4), BOB, Seen.ONLINE, 0);
    assertThat(found()).doesNotContain(Kind.WRONG_LAST_SEEN, Kind.DIFFERING_ROW);
  }

  @Test
  void shouldNotAskForNewsOfASessionThatBeganAndEndedWhileServersHeardNothing() {
    row("b", "bob", 2, 2, "SIGNED_OUT");
    row("c", "bob", 42, 42, "SIGNED_OUT");
    bob.note(at(20), Deed.SIGNED_OUT);
    ada.told(at(20.1), BOB, Seen.OFFLINE, 2_000);
    ClientLog again = new ClientLog(BOB, false);
    logs.add(again);
    again.note(at(42), Deed.OPENED);
    again.greeted(at(42.1), "c", "server2-x");
    again.note(at(43), Deed.SIGNED_OUT);
    ada.told(at(45), BOB, Seen.OFFLINE, 2_000);
    assertThat(found()).contains(Kind.WRONG_LAST_SEEN);

    troubles.add(new Trouble("trouble", at(40), at(60), at(5), Map.of(), 10_000, Leniency.NO_NEWS));

    assertThat(found()).doesNotContain(Kind.WRONG_LAST_SEEN);
  }

  /** Bob signs out on one device, and comes with another at once. */
  private void bobLeavesAndComesAgain() {
    row("b", "bob", 2, 29.9, "SIGNED_OUT");
    row("c", "bob", 30.2, 30.2, null);
    bob.note(at(29.9), Deed.SENT);
    bob.note(at(29.9), Deed.SIGNED_OUT);
    ClientLog other = new ClientLog(BOB, false);
    logs.add(other);
    other.note(at(30.2), Deed.OPENED);
    other.greeted(at(30.3), "c", "server1-x");
    other.told(at(30.4), ADA, Seen.ONLINE, 0);
    ada.told(at(33), BOB, Seen.OFFLINE, 29_900);
    ada.told(at(33), BOB, Seen.ONLINE, 0);
  }

  @Test
  void shouldAllowWhatWasTrueWhenItWasSaidIntoALineThatWasStalled() {
    ada.note(at(29.5), Deed.STALLED);
    bobLeavesAndComesAgain();
    ada.note(at(32.9), Deed.MENDED);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldNotAllowItOnALineThatWasStalledAfterwards() {
    ada.note(at(32.5), Deed.STALLED);
    ada.note(at(32.9), Deed.MENDED);
    bobLeavesAndComesAgain();
    assertThat(found()).contains(Kind.FALSE_OFFLINE);
  }

  @Test
  void shouldNotAllowItLongAfterTheLineWasMended() {
    ada.note(at(20), Deed.STALLED);
    ada.note(at(21), Deed.STALLED); // by another lot
    ada.note(at(22), Deed.MENDED);
    bobLeavesAndComesAgain();
    assertThat(found()).contains(Kind.FALSE_OFFLINE);
  }

  @Test
  void shouldNotAskForWhatWasSaidJustBeforeTheStreamBroke() {
    row("b", "bob", 2, 21.8, "CONNECTION_LOST");
    row("c", "bob", 45, 45, null);
    bob.note(at(21.8), Deed.SENT);
    bob.note(at(29.8), Deed.SENT);
    bob.note(at(30), Deed.CUT);
    ada.told(at(40.1), BOB, Seen.OFFLINE, 21_800);
    bob.note(at(45), Deed.OPENED);
    bob.greeted(at(45.1), "c", "server1-x");
    ada.told(at(45.2), BOB, Seen.ONLINE, 0);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAMissingAndAnExtraRow() {
    row("c", "bob", 30, 30, null);
    assertThat(found()).containsExactlyInAnyOrder(Kind.MISSING_ROW, Kind.EXTRA_ROW);
  }

  @Test
  void shouldAllowTheRowOfASessionOfWhichItsClientWasNotTold() {
    row("b", "bob", 2, 31, "CONNECTION_LOST");
    row("c", "bob", 31, 31, "CONNECTION_LOST");
    bob.note(at(30), Deed.CUT);
    bob.note(at(31), Deed.OPENED);
    bob.note(at(32), Deed.VANISHED);
    ada.told(at(40.1), BOB, Seen.OFFLINE, 31_000);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindARowThatSaysSomethingElse() {
    row("b", "bob", 2, 2, "SIGNED_OUT");
    bob.note(at(50), Deed.VANISHED);
    ada.told(at(60.1), BOB, Seen.OFFLINE, 2_100);
    assertThat(found()).containsExactly(Kind.DIFFERING_ROW);
  }

  @Test
  void shouldFindAnErrorInAnApp() {
    row("b", "bob", 2, 2, null);
    bob.gaveUp(at(99.9), "PROTOCOL_ERROR");
    assertThat(found()).containsExactly(Kind.APP_ERROR);
  }
}
