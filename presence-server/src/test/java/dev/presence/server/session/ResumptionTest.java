package dev.presence.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Phase;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.session.OpenCommand.Entry;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResumptionTest {

  private static final SessionId ID = SessionId.create(1, new Random(1));
  private static final UserId ALICE = new UserId("alice");
  private static final UserId EVE = new UserId("eve");

  private static OpenCommand open(UserId user, @Nullable SessionId resume, int attempt) {
    return new OpenCommand(user, resume, attempt, "phone", Activity.ACTIVE, Entry.APP);
  }

  private static Session here(int attempt) {
    return new Session(ID, ALICE, "phone", attempt, Activity.ACTIVE, Wish.NONE);
  }

  private static SessionRecord elsewhere(int attempt) {
    return new SessionRecord(
        ID, ALICE, "phone", attempt, Phase.CONNECTED, Activity.ACTIVE, Wish.NONE, 0, null);
  }

  @Test
  void shouldBeginWhenNothingIsAskedFor() {
    assertThat(Resumption.of(open(ALICE, null, 1), null, null, 0, false))
        .isInstanceOf(Resumption.Begin.class);
  }

  @Test
  void shouldContinueHereOrTakeOverWithAHigherAttemptOnly() {
    Session here = here(2);
    assertThat(Resumption.of(open(ALICE, ID, 3), here, null, 0, false))
        .isEqualTo(new Resumption.Continue(here));
    assertThat(Resumption.of(open(ALICE, ID, 3), null, elsewhere(2), 0, false))
        .isEqualTo(new Resumption.TakeOver(ID, elsewhere(2)));
    assertThat(Resumption.of(open(ALICE, ID, 2), here, null, 0, false))
        .isInstanceOf(Resumption.Refuse.class);
    assertThat(Resumption.of(open(ALICE, ID, 2), null, elsewhere(2), 0, true))
        .isInstanceOf(Resumption.Refuse.class);
    assertThat(Resumption.of(open(ALICE, ID, 3), here, elsewhere(3), 0, false))
        .isInstanceOf(Resumption.Refuse.class);
  }

  @Test
  void shouldBuryWhatNobodyKnowsUnlessNotAllIsKnown() {
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 0, false))
        .isEqualTo(new Resumption.BuryAndBegin(ID));
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 0, true))
        .isEqualTo(new Resumption.TakeOver(ID, null));
  }

  @Test
  void shouldBeginAnewAfterTheEnd() {
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 1, false))
        .isInstanceOf(Resumption.Begin.class);
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 1, true))
        .isInstanceOf(Resumption.Begin.class);
  }

  @Test
  void shouldRefuseAnOpenThatTheEndHasOutrun() {
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 2, false))
        .isInstanceOf(Resumption.Refuse.class);
    assertThat(Resumption.of(open(ALICE, ID, 2), null, null, 3, true))
        .isInstanceOf(Resumption.Refuse.class);
  }

  @Test
  void shouldTellAnotherUserNothing() {
    assertThat(Resumption.of(open(EVE, ID, 99), here(2), null, 0, true))
        .isInstanceOf(Resumption.Begin.class);
  }
}
