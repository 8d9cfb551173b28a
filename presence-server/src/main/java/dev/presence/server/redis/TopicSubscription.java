package dev.presence.server.redis;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription: two listeners of a topic, for messages and for resubscriptions. What fails is
 * tried again until it is cancelled. Once in force, Redisson renews it on every new connection, and
 * says so.
 */
final class TopicSubscription implements ChangeTopic.Subscription {

  private static final Logger log = LoggerFactory.getLogger(TopicSubscription.class);

  private final RTopic topic;
  private final NodeId node;
  private final Consumer<ChangeSet> onChange;
  private final Runnable onSubscribed;
  private final Executor later;

  private volatile boolean cancelled;

  /** Redisson's numbers for them, once both are in force. */
  private Integer @Nullable [] listeners;

  TopicSubscription(
      RedissonClient redis,
      NodeId node,
      Consumer<ChangeSet> onChange,
      Runnable onSubscribed,
      Duration retryDelay) {
    this.topic = redis.getTopic(RedisKeys.topic(node), ByteArrayCodec.INSTANCE);
    this.node = node;
    this.onChange = onChange;
    this.onSubscribed = onSubscribed;
    this.later = CompletableFuture.delayedExecutor(retryDelay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Messages first, status second: a resubscription between the two is covered by what is said
   * after both.
   */
  void begin() {
    if (cancelled) {
      return;
    }
    var _ =
        topic
            .addListenerAsync(byte[].class, (channel, message) -> received(message))
            .whenComplete(
                (listener, failure) -> {
                  if (failure != null) {
                    again(failure);
                  } else {
                    watchStatus(listener);
                  }
                });
  }

  private void watchStatus(int messageListener) {
    var _ =
        topic
            .addListenerAsync(new Status())
            .whenComplete(
                (listener, failure) -> {
                  if (failure != null) {
                    remove(messageListener);
                    again(failure);
                  } else {
                    established(messageListener, listener);
                  }
                });
  }

  private void established(int messageListener, int statusListener) {
    synchronized (this) {
      if (cancelled) {
        remove(messageListener, statusListener);
        return;
      }
      listeners = new Integer[] {messageListener, statusListener};
    }
    subscribed();
  }

  private void again(Throwable failure) {
    if (cancelled) {
      return;
    }
    log.atWarn()
        .addKeyValue("node", node)
        .setCause(failure)
        .log("subscribing to a node's changes failed, trying again");
    later.execute(this::begin);
  }

  private void received(byte[] message) {
    if (cancelled) {
      return;
    }
    try {
      onChange.accept(Wire.decodeChangeSet(message));
    } catch (RuntimeException e) {
      // The head still moves, so the reader learns of the gap.
      log.atError().addKeyValue("node", node).setCause(e).log("a change set was dropped");
    }
  }

  private void subscribed() {
    if (cancelled) {
      return;
    }
    log.atDebug().addKeyValue("node", node).log("subscribed to a node's changes");
    try {
      onSubscribed.run();
    } catch (RuntimeException e) {
      log.atError().addKeyValue("node", node).setCause(e).log("a subscriber failed");
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    if (listeners != null) {
      remove(listeners);
      listeners = null;
    }
  }

  private void remove(Integer... ids) {
    var _ =
        topic
            .removeListenerAsync(ids)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    log.atWarn()
                        .addKeyValue("node", node)
                        .setCause(failure)
                        .log("unsubscribing from a node's changes failed; what arrives is dropped");
                  }
                });
  }

  private final class Status implements StatusListener {
    @Override
    public void onSubscribe(String channel) {
      subscribed();
    }

    @Override
    public void onUnsubscribe(String channel) {
      if (!cancelled) {
        log.atWarn()
            .addKeyValue("node", node)
            .log("a node's changes are not subscribed to any more");
      }
    }
  }
}
