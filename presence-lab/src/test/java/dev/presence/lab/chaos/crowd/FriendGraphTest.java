package dev.presence.lab.chaos.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.replay.plan.Contacts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FriendGraphTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 100, 412, FriendGraph.PEOPLE})
  void shouldBeConnectedHoweverManyPeopleAreAskedFor(int people) {
    Contacts contacts = FriendGraph.of(people);
    Set<Integer> reached = new HashSet<>(List.of(0));
    Deque<Integer> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      int person = open.remove();
      for (int i = 0; i < contacts.count(person); i++) {
        if (reached.add(contacts.contact(person, i))) {
          open.add(contacts.contact(person, i));
        }
      }
    }
    assertThat(reached).hasSize(people);
  }

  @Test
  void shouldHoldTheFriendshipsOfTheDataSet() {
    assertThat(FriendGraph.of(FriendGraph.PEOPLE).pairs()).isEqualTo(26_985);
  }

  @Test
  void shouldSayHowManyPeopleThereAre() {
    assertThatThrownBy(() -> FriendGraph.of(2_001)).hasMessageContaining("2,000");
  }
}
