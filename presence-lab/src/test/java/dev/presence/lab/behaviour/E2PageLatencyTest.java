package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.lab.browser.Browser;
import dev.presence.v1.ServerMessage.KindCase;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A friend's connect shows in the page: from the Open that is sent until the page has drawn it. */
@Tag("E2")
@Isolated("latency is measured while nothing else runs")
@ExtendWith(World.Shared.class)
class E2PageLatencyTest {

  private static final Duration BOUND = Duration.ofMillis(150);
  private static final int WARM_UPS = 50;
  private static final int CONNECTS = 100;

  private final World world;

  E2PageLatencyTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowAFriendsConnectAtOnce() {
    String alice = world.friendOf();
    String bob = world.friendOf(alice);
    ManagedChannel edge = world.fleet().edgeChannel();
    try (BrowserWorld browser = new BrowserWorld(world)) {
      Browser.Tab tab = browser.live(alice);
      measure(tab, edge, bob, WARM_UPS);
      Duration first = p99(measure(tab, edge, bob, CONNECTS));
      System.out.println("E2 p99 " + first.toMillis() + " ms");
      if (first.compareTo(BOUND) > 0) {
        Duration second = p99(measure(tab, edge, bob, CONNECTS));
        System.out.println("E2 p99 " + second.toMillis() + " ms, tried once more");
        assertThat(second).as("p99 after %s at first", first).isLessThanOrEqualTo(BOUND);
      }
    } finally {
      edge.shutdownNow();
    }
  }

  private List<Duration> measure(Browser.Tab tab, ManagedChannel edge, String bob, int times) {
    String token = world.fleet().tokens().user(bob);
    List<Duration> latencies = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      tab.evaluate(note(bob));
      Stub.Stream stream = new Stub.Stream(edge, token);
      Instant opened = Instant.now();
      stream.send(Stub.open());
      tab.await("window.noted", Person.SOON);
      double shown = tab.number("window.noted");
      double sent = opened.getEpochSecond() * 1e3 + opened.getNano() / 1e6;
      latencies.add(Duration.ofNanos((long) ((shown - sent) * 1e6)));
      stream.signOut();
      stream.await(KindCase.CLOSED);
      tab.awaitFriend(bob, "offline", Person.SOON);
    }
    return latencies;
  }

  /** Notes when the friend's row becomes online, on the page's clock, which is the machine's. */
  private static String note(String friend) {
    return """
    (() => {
      window.noted = 0;
      window.noting?.disconnect();
      const online = () =>
        document.querySelector("#friends [data-user='%s']")?.dataset.state === "online";
      window.noting = new MutationObserver(() => {
        if (online() && !window.noted) window.noted = performance.timeOrigin + performance.now();
      });
      window.noting.observe(document.getElementById("friends"),
        { subtree: true, childList: true, attributes: true });
      return true;
    })()
    """
        .formatted(friend);
  }

  private static Duration p99(List<Duration> latencies) {
    List<Duration> sorted = new ArrayList<>(latencies);
    Collections.sort(sorted);
    return sorted.get(sorted.size() * 99 / 100 - 1);
  }
}
