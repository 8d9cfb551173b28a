package dev.presence.lab.simulation.contract;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ChangeTopic.Subscription;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Somebody who listens to a node's topic. */
final class Listening implements AutoCloseable {

  private final List<Position> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger subscribed = new AtomicInteger();
  private final Subscription subscription;

  /** Returns once it is in force. */
  Listening(ChangeTopic topic, NodeId node) {
    subscription = topic.subscribe(node, this::heard, subscribed::incrementAndGet);
    awaitSubscribed(1);
  }

  private void heard(ChangeSet changeSet) {
    heard.add(changeSet.position());
  }

  /** What came, in order. */
  List<Position> heard() {
    return heard;
  }

  /** How often it was said that the subscription is in force. */
  int subscribed() {
    return subscribed.get();
  }

  void awaitSubscribed(int times) {
    Awaitility.await("the subscription").until(() -> subscribed.get() >= times);
  }

  @Override
  public void close() {
    subscription.cancel();
  }
}
