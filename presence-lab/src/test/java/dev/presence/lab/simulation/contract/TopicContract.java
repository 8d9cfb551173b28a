package dev.presence.lab.simulation.contract;

import static dev.presence.lab.simulation.contract.Facts.NODE;
import static dev.presence.lab.simulation.contract.Facts.OTHER;
import static dev.presence.lab.simulation.contract.Facts.changes;
import static dev.presence.lab.simulation.contract.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.cluster.ChangeTopic.Subscription;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What wakes the readers, as long as no message is lost. */
interface TopicContract extends StoreUnderTest {

  @Test
  default void shouldBringEachChangeSetInOrder() {
    rewrite(NODE, 1, 1);
    Listener listener = subscribed(NODE);

    publish(changes(NODE, 1, 2, session(1)));
    publish(changes(NODE, 1, 3));
    publish(changes(NODE, 1, 4, session(2)));

    eventually(
        () ->
            assertThat(listener.received)
                .containsExactly(
                    changes(NODE, 1, 2, session(1)),
                    changes(NODE, 1, 3),
                    changes(NODE, 1, 4, session(2))));
  }

  @Test
  default void shouldBringNothingForWhatWasRefusedOrRepeated() {
    rewrite(NODE, 1, 1);
    Listener listener = subscribed(NODE);

    publish(changes(NODE, 1, 2));
    publish(changes(NODE, 1, 2));
    publish(changes(NODE, 1, 9));
    publish(changes(NODE, 1, 3));

    eventually(
        () ->
            assertThat(listener.received)
                .containsExactly(changes(NODE, 1, 2), changes(NODE, 1, 3)));
  }

  @Test
  default void shouldWakeTheReadersOnceWhenARewriteEnds() {
    rewrite(NODE, 1, 1);
    Listener listener = subscribed(NODE);

    rewrite(NODE, 2, 2, session(1));
    end(NODE, 2, 2, 1);
    publish(changes(NODE, 2, 3));

    ChangeSet reset = new ChangeSet(NODE, new Position(2, 2), 1, true, List.of(), List.of());
    eventually(() -> assertThat(listener.received).containsExactly(reset, changes(NODE, 2, 3)));
  }

  @Test
  default void shouldBringToEachSubscriberWhatItAskedFor() {
    rewrite(NODE, 1, 1);
    rewrite(OTHER, 1, 1);
    Listener first = subscribed(NODE);
    Listener second = subscribed(NODE);
    Listener other = subscribed(OTHER);

    publish(changes(NODE, 1, 2));
    publish(changes(OTHER, 1, 2, session(1)));

    eventually(
        () -> {
          assertThat(first.received).containsExactly(changes(NODE, 1, 2));
          assertThat(second.received).containsExactly(changes(NODE, 1, 2));
          assertThat(other.received).containsExactly(changes(OTHER, 1, 2, session(1)));
        });
  }

  @Test
  default void shouldBringNothingOnceCancelled() {
    rewrite(NODE, 1, 1);
    Listener cancelled = subscribed(NODE);
    Listener other = subscribed(NODE);

    cancelled.cancel();
    cancelled.cancel();
    publish(changes(NODE, 1, 2));
    publish(changes(NODE, 1, 3));

    eventually(() -> assertThat(other.received).hasSize(2));
    assertThat(cancelled.received).isEmpty();
  }

  @Test
  default void shouldBringNothingToOneThatWasCancelledAtOnce() {
    rewrite(NODE, 1, 1);
    Listener cancelled = new Listener(this, NODE);
    cancelled.cancel();
    Listener other = subscribed(NODE);

    publish(changes(NODE, 1, 2));

    eventually(() -> assertThat(other.received).hasSize(1));
    assertThat(cancelled.received).isEmpty();
  }

  @Test
  default void shouldSayThatItIsSubscribedAgainOnceRebuilt() {
    rewrite(NODE, 1, 1);
    rewrite(OTHER, 1, 1);
    Listener listener = subscribed(NODE);
    Listener other = subscribed(OTHER);

    topic().rebuild();

    eventually(() -> assertThat(listener.subscribed).hasValueGreaterThan(0));
    eventually(() -> assertThat(other.subscribed).hasValueGreaterThan(0));
    publish(changes(NODE, 1, 2));
    publish(changes(OTHER, 1, 2));
    publish(changes(NODE, 1, 3));
    eventually(
        () -> {
          assertThat(listener.received)
              .as("once each")
              .containsExactly(changes(NODE, 1, 2), changes(NODE, 1, 3));
          assertThat(other.received).containsExactly(changes(OTHER, 1, 2));
        });
  }

  @Test
  default void shouldBearBeingRebuiltTwiceAtATime() {
    rewrite(NODE, 1, 1);
    Listener listener = subscribed(NODE);

    topic().rebuild();
    topic().rebuild();

    eventually(() -> assertThat(listener.subscribed).hasValueGreaterThan(0));
    publish(changes(NODE, 1, 2));
    eventually(() -> assertThat(listener.received).containsExactly(changes(NODE, 1, 2)));
  }

  @Test
  default void shouldSubscribeWhileItIsRebuilt() {
    rewrite(NODE, 1, 1);

    topic().rebuild();
    Listener listener = subscribed(NODE);

    publish(changes(NODE, 1, 2));
    eventually(() -> assertThat(listener.received).containsExactly(changes(NODE, 1, 2)));
  }

  @Test
  default void shouldNotBringBackWhatWasCancelledWhenItIsRebuilt() {
    rewrite(NODE, 1, 1);
    Listener before = subscribed(NODE);
    Listener meanwhile = subscribed(NODE);
    Listener other = subscribed(NODE);

    before.cancel();
    topic().rebuild();
    meanwhile.cancel();

    eventually(() -> assertThat(other.subscribed).hasValueGreaterThan(0));
    publish(changes(NODE, 1, 2));
    eventually(() -> assertThat(other.received).hasSize(1));
    assertThat(before.received).isEmpty();
    assertThat(meanwhile.received).isEmpty();
    assertThat(before.subscribed).hasValue(0);
  }

  /** A listener whose subscription is in force, and who has not been told of it since. */
  private Listener subscribed(NodeId node) {
    Listener listener = new Listener(this, node);
    eventually(() -> assertThat(listener.subscribed).hasValueGreaterThan(0));
    listener.subscribed.set(0);
    return listener;
  }

  /** What a subscriber was told. */
  final class Listener {

    private final List<ChangeSet> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger subscribed = new AtomicInteger();
    private final Subscription subscription;

    Listener(StoreUnderTest store, NodeId node) {
      subscription = store.topic().subscribe(node, received::add, subscribed::incrementAndGet);
    }

    void cancel() {
      subscription.cancel();
    }
  }
}
