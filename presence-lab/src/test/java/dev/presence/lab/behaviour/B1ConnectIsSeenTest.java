package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("measures latency")
@Tag("B1")
@ExtendWith(World.Shared.class)
class B1ConnectIsSeenTest {

  private static final int CONNECTS = 200;
  private static final long P99_MILLIS = 100;

  private final World world;

  B1ConnectIsSeenTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAConnectToAFriendOnTheOtherServerWithinAHundredMilliseconds() {
    long first = p99Millis();
    if (first > P99_MILLIS) {
      long second = p99Millis();
      System.out.println("B1 p99: " + first + " ms, tried once more: " + second + " ms");
      assertThat(second)
          .as("p99, after " + first + " ms at the first try")
          .isLessThanOrEqualTo(P99_MILLIS);
    } else {
      System.out.println("B1 p99: " + first + " ms");
    }
  }

  private long p99Millis() {
    String watcher = world.friendOf();
    List<String> friends = world.friendsOf(CONNECTS, watcher);
    List<Long> millis = new ArrayList<>();
    try (Person bob = world.person(watcher, 1).awaitLive()) {
      for (String friend : friends) {
        try (Person alice = world.person(friend, 0)) {
          long seen = bob.awaitEvent(friend, PresenceState.ONLINE, Person.SOON).nanos();
          millis.add(TimeUnit.NANOSECONDS.toMillis(seen - alice.connectNanos()));
          alice.awaitLive().signOut();
        }
      }
    }
    millis.sort(null);
    return millis.get(CONNECTS * 99 / 100 - 1);
  }
}
