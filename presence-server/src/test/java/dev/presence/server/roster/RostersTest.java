package dev.presence.server.roster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.presence.server.loop.ManualLoop;
import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class RostersTest {

  private static final Duration MAX_AGE = Duration.ofMinutes(1);
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final UserId CAROL = new UserId("carol");
  private static final Wish BUSY = new Wish(Availability.BUSY, 7);

  private final ManualLoop loop = new ManualLoop();
  private final FakeSource source = new FakeSource();
  private final Rosters rosters = new Rosters(source, loop, loop, 100, MAX_AGE);

  private static final class FakeSource implements RosterSource {
    final Map<UserId, StoredRoster> stored = new LinkedHashMap<>();
    boolean away;
    int loads;

    @Override
    public Map<UserId, StoredRoster> rosters(Collection<UserId> users) {
      answerOrFail();
      Map<UserId, StoredRoster> found = new LinkedHashMap<>(stored);
      found.keySet().retainAll(users);
      return found;
    }

    @Override
    public Map<UserId, StoredUser> users(Collection<UserId> users) {
      answerOrFail();
      Map<UserId, StoredUser> found = new LinkedHashMap<>();
      users.stream()
          .filter(stored::containsKey)
          .forEach(
              user -> found.put(user, new StoredUser(user.value(), loads, found(user).wish())));
      return found;
    }

    @Override
    public List<ListedUser> directory(String afterName, String afterId, int limit) {
      answerOrFail();
      return List.of();
    }

    private StoredRoster found(UserId user) {
      return requireNonNull(stored.get(user));
    }

    private void answerOrFail() {
      loads++;
      if (away) {
        throw new IllegalStateException("away");
      }
    }

    void store(UserId user, StoredContact... contacts) {
      stored.put(user, new StoredRoster(BUSY, List.of(contacts)));
    }

    static StoredContact contact(UserId user, boolean mutual) {
      return new StoredContact(user, "Name of " + user, mutual);
    }
  }

  @Test
  void shouldShowOnlyContactsWhoListTheUserToo() {
    source.store(ALICE, FakeSource.contact(CAROL, true), FakeSource.contact(BOB, false));

    Roster roster = ask(ALICE).join();

    assertThat(roster.sees(CAROL)).isTrue();
    assertThat(roster.sees(BOB)).isFalse();
    assertThat(roster.contacts()).containsExactly(CAROL);
    assertThat(roster.name(0)).isEqualTo("Name of carol");
    assertThat(roster.wish()).isEqualTo(BUSY);
  }

  @Test
  void shouldLetPeopleSeeThemselvesAndServicesEverybody() {
    assertThat(Visibility.maySee(new Viewer(ALICE, false), ALICE, false)).isTrue();
    assertThat(Visibility.maySee(new Viewer(ALICE, false), BOB, true)).isTrue();
    assertThat(Visibility.maySee(new Viewer(ALICE, false), BOB, false)).isFalse();
    assertThat(Visibility.maySee(new Viewer(ALICE, true), BOB, false)).isTrue();
  }

  @Test
  void shouldGiveAnEmptyRosterToWhoDoesNotExist() {
    Roster roster = ask(ALICE).join();

    assertThat(roster.size()).isZero();
    assertThat(roster.wish()).isEqualTo(Wish.NONE);
  }

  @Test
  void shouldAskOnceForManyWhoAskAtTheSameTimeAndAgainOnlyAfterItsAge() {
    source.store(ALICE, FakeSource.contact(BOB, true));
    CompletableFuture<Roster> first = rosters.roster(ALICE);
    CompletableFuture<Roster> second = rosters.roster(ALICE);
    loop.runDue();
    assertThat(first.join()).isSameAs(second.join());

    loop.advance(MAX_AGE.minusMillis(1));
    assertThat(ask(ALICE).join().sees(BOB)).isTrue();
    assertThat(source.loads).isEqualTo(1);

    source.store(ALICE, FakeSource.contact(CAROL, true));
    loop.advance(Duration.ofMillis(1));
    assertThat(ask(ALICE).join().contacts()).containsExactly(CAROL);
    assertThat(source.loads).isEqualTo(2);
  }

  @Test
  void shouldUseARosterPastItsAgeWhileTheSourceIsAway() {
    source.store(ALICE, FakeSource.contact(BOB, true));
    ask(ALICE).join();
    source.away = true;
    loop.advance(MAX_AGE.multipliedBy(100));

    assertThat(ask(ALICE).join().sees(BOB)).isTrue();
    assertThat(catchThrowable(() -> ask(BOB).join()))
        .hasCauseExactlyInstanceOf(RosterUnavailableException.class);

    int loads = source.loads;
    assertThat(rosters.roster(ALICE)).as("nobody waits for the next failure").isCompleted();
    assertThat(source.loads).isEqualTo(loads);

    source.away = false;
    source.store(ALICE, FakeSource.contact(CAROL, true));
    loop.advance(Duration.ofSeconds(5));
    assertThat(ask(ALICE).join().contacts()).containsExactly(CAROL);
  }

  @Test
  void shouldKnowTheNewestWishAndWithoutTheSourceTheOneItRemembers() {
    source.store(ALICE);
    ask(ALICE).join();
    Wish newer = new Wish(Availability.AVAILABLE, 8);
    source.stored.put(ALICE, new RosterSource.StoredRoster(newer, List.of()));

    assertThat(askWish(ALICE)).isCompletedWithValue(newer);
    assertThat(askWish(BOB)).isCompletedWithValue(Wish.NONE);

    source.away = true;
    assertThat(askWish(ALICE)).isCompletedWithValue(BUSY);
    assertThat(askWish(BOB)).isCompletedExceptionally();
  }

  private CompletableFuture<Wish> askWish(UserId user) {
    CompletableFuture<Wish> answer = rosters.wish(user);
    loop.runDue();
    return answer;
  }

  @Test
  void shouldForgetWhatHasChanged() {
    source.store(ALICE, FakeSource.contact(BOB, true));
    ask(ALICE).join();
    source.store(ALICE, FakeSource.contact(CAROL, true));

    rosters.invalidate(ALICE);

    assertThat(ask(ALICE).join().contacts()).containsExactly(CAROL);
  }

  @Test
  void shouldRememberNoMoreThanItMay() {
    for (int i = 0; i < 1_000; i++) {
      source.store(new UserId("u" + i), FakeSource.contact(ALICE, true));
      ask(new UserId("u" + i)).join();
    }
    int before = source.loads;
    for (int i = 0; i < 1_000; i++) {
      ask(new UserId("u" + i)).join();
    }

    assertThat(source.loads - before).isGreaterThanOrEqualTo(950);
  }

  @Test
  void shouldAskForStoredUsersEachTime() {
    source.store(ALICE);

    assertThat(askUsers().join()).containsOnlyKeys(ALICE);
    assertThat(askUsers().join().values())
        .extracting(RosterSource.StoredUser::lastSeenMillis)
        .containsExactly(2L);
  }

  private CompletableFuture<Map<UserId, RosterSource.StoredUser>> askUsers() {
    var answer = rosters.users(List.of(BOB, ALICE));
    loop.runDue();
    return answer;
  }

  private CompletableFuture<Roster> ask(UserId user) {
    CompletableFuture<Roster> answer = rosters.roster(user);
    loop.runDue();
    return answer;
  }

  @Test
  void shouldHaveNoRoomWhileAsManyAreAwaitedAsMayBe() {
    Rosters few = new Rosters(source, loop, slowly(200), 100, MAX_AGE, 2);
    assertThat(few.hasRoom()).isTrue();
    var _ = few.roster(ALICE);
    assertThat(few.hasRoom()).isTrue();
    var _ = few.roster(BOB);
    assertThat(few.hasRoom()).isFalse();
    loop.advance(Duration.ofMillis(500));
    assertThat(few.hasRoom()).isTrue();
  }

  @Test
  void shouldNotLetAnybodyWaitForASourceThatStandsStillOrIsAway() {
    Rosters few = new Rosters(source, loop, slowly(60_000), 100, MAX_AGE, 1);
    var _ = few.roster(ALICE);
    loop.advance(Duration.ofMillis(700));
    assertThat(few.hasRoom()).isFalse();
    loop.advance(Duration.ofMillis(100));
    assertThat(few.hasRoom()).isTrue();
    source.away = true;
    Rosters away = new Rosters(source, loop, loop, 100, MAX_AGE, 1);
    var _ = away.roster(ALICE);
    loop.advance(Duration.ofMillis(1));
    assertThat(away.hasRoom()).isTrue();
  }

  @Test
  void shouldNotLetQuestionsWaitForASourceThatStandsStill() {
    Rosters slow = new Rosters(source, loop, slowly(60_000), 100, MAX_AGE, 1);
    source.store(ALICE);
    CompletableFuture<?> question = slow.usersSoon(List.of(ALICE));
    CompletableFuture<?> other = slow.users(List.of(ALICE));
    CompletableFuture<?> roster = slow.rosterSoon(ALICE);
    CompletableFuture<?> otherRoster = slow.roster(ALICE);
    loop.advance(Duration.ofMillis(600));
    assertThat(question).isNotDone();
    assertThat(roster).isNotDone();
    loop.advance(Duration.ofMillis(200));
    assertThat(question).isCompletedExceptionally();
    assertThat(roster).isCompletedExceptionally();
    assertThat(other).isNotDone();
    assertThat(otherRoster).isNotDone();
    loop.advance(Duration.ofMinutes(2));
    assertThat(other).isCompleted();
    assertThat(otherRoster).isCompleted();
  }

  private Executor slowly(long millis) {
    return task -> loop.schedule(millis, task);
  }
}
