package dev.presence.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.Contact;
import dev.presence.client.OfflineReason;
import dev.presence.client.Presence;
import dev.presence.client.PresenceState;
import dev.presence.client.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class FriendsPageTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ConnectionState LIVE = new ConnectionState(Phase.LIVE, Optional.empty(), "");

  private final Friends friends = new Friends();

  private static Header header(ConnectionState state, Activity activity, Availability wish) {
    SessionInfo info = new SessionInfo("s1", false, "node-1", NOW, Duration.ofSeconds(10), wish);
    return new Header("alice", state, Optional.of(info), activity, wish);
  }

  private List<String> draw(int columns, int rows) {
    return new FriendsPage(columns, rows, true, FriendsPage.Marks.UNICODE)
        .draw(header(LIVE, Activity.ACTIVE, Availability.AVAILABLE), friends, NOW).stream()
            .map(AttributedString::toString)
            .toList();
  }

  private void friend(String userId, String name, PresenceState state, Duration seenAgo) {
    friends.named(
        List.of(new Contact(name, new Presence(userId, PresenceState.OFFLINE, Optional.empty()))));
    friends.told(
        new Presence(
            userId, state, seenAgo.isZero() ? Optional.empty() : Optional.of(NOW.minus(seenAgo))));
  }

  private void everybody() {
    friend("zoe", "Zoe", PresenceState.OFFLINE, Duration.ZERO);
    friend("eve", "Eve", PresenceState.OFFLINE, Duration.ofHours(3));
    friend("dave", "Dave", PresenceState.OFFLINE, Duration.ofMinutes(5));
    friend("carol", "carol", PresenceState.BUSY, Duration.ZERO);
    friend("bob", "Bob", PresenceState.AWAY, Duration.ZERO);
    friend("uma", "Uma", PresenceState.UNKNOWN, Duration.ZERO);
    friend("al", "Al", PresenceState.ONLINE, Duration.ZERO);
  }

  @Test
  void shouldShowWhoIsThereFirstAndThenWhoWasSeenLast() {
    everybody();

    assertThat(draw(80, 40))
        .containsExactly(
            "alice (online)  live  3 of 7 online",
            "node node-1  session s1",
            "",
            "● Al     online",
            "◐ Bob    away",
            "⊖ carol  busy",
            "? Uma    cannot be told now",
            "○ Dave   was online 5 min ago",
            "○ Eve    was online 3 h ago",
            "○ Zoe    never seen",
            "",
            "b busy  a available  w away/active  q quit");
  }

  @Test
  void shouldMoveAFriendWhoLeaves() {
    everybody();

    friends.told(new Presence("al", PresenceState.OFFLINE, Optional.of(NOW)));

    assertThat(draw(80, 40))
        .contains("○ Al     was online just now", "alice (online)  live  2 of 7 online");
    assertThat(draw(80, 40).get(3)).isEqualTo("◐ Bob    away");
  }

  @Test
  void shouldFitANarrowTerminal() {
    friend("long", "A name that is far too long for this", PresenceState.ONLINE, Duration.ZERO);

    assertThat(draw(20, 40)).allMatch(line -> line.length() <= 20);
    assertThat(draw(20, 40)).contains("● A name tha  online");
  }

  @Test
  void shouldFitALowTerminal() {
    everybody();

    assertThat(draw(80, 9)).hasSize(9).contains("… and 4 more");
  }

  @Test
  void shouldCountWideCharactersAsTwoColumns() {
    friend("li", "李雷", PresenceState.ONLINE, Duration.ZERO);
    friend("bob", "Bob", PresenceState.ONLINE, Duration.ZERO);

    assertThat(draw(80, 40)).contains("● 李雷  online", "● Bob   online");
  }

  @Test
  void shouldKeepToAsciiWhereNeeded() {
    everybody();
    List<AttributedString> lines =
        new FriendsPage(80, 9, false, FriendsPage.Marks.ASCII)
            .draw(header(LIVE, Activity.AWAY, Availability.AVAILABLE), friends, NOW);

    assertThat(lines)
        .extracting(AttributedString::toString)
        .allMatch(l -> l.matches("\\p{ASCII}*"));
    assertThat(lines.get(0).toString()).startsWith("alice (away)");
  }

  @Test
  void shouldUseNoColourWhenAskedNotTo() {
    everybody();
    Header header = header(LIVE, Activity.ACTIVE, Availability.BUSY);

    assertThat(
            new FriendsPage(80, 40, false, FriendsPage.Marks.UNICODE)
                .draw(header, friends, NOW).stream().map(AttributedString::toAnsi))
        .noneMatch(line -> line.contains("[3"));
    assertThat(
            new FriendsPage(80, 40, true, FriendsPage.Marks.UNICODE)
                .draw(header, friends, NOW).stream().map(AttributedString::toAnsi))
        .anyMatch(line -> line.contains("[3"));
  }

  @Test
  void shouldSayHowTheConnectionStands() {
    ConnectionState connecting = new ConnectionState(Phase.CONNECTING, Optional.empty(), "");
    ConnectionState refused =
        new ConnectionState(Phase.OFFLINE, Optional.of(OfflineReason.UNAUTHENTICATED), "");

    assertThat(header(connecting, Activity.ACTIVE, Availability.BUSY).connection())
        .isEqualTo("reconnecting");
    assertThat(header(refused, Activity.ACTIVE, Availability.BUSY).connection())
        .isEqualTo("offline: unauthenticated");
  }

  @Test
  void shouldNotBelieveAListThatIsOlderThanTheSession() {
    friends.told(new Presence("bob", PresenceState.ONLINE, Optional.empty()));

    friends.named(
        List.of(new Contact("Bob", new Presence("bob", PresenceState.OFFLINE, Optional.of(NOW)))));

    assertThat(draw(80, 40)).contains("● Bob  online");
  }
}
