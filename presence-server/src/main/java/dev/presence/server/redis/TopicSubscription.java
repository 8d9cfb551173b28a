package dev.presence.server.redis;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription on one client: two listeners of a topic, for messages and for resubscriptions.
 * What fails is tried again until it ends. Once in force, Redisson renews it on every new
 * connection, and says so.
 */
final class TopicSubscription {

  private static final Logger log = LoggerFactory.getLogger(TopicSubscription.class);

  private final RTopic topic;
  private final NodeId node;
  private final Consumer<ChangeSet> onChange;
  private final Runnable onSubscribed;
  private final Executor later;

  private volatile boolean ended;

  /** Redisson's numbers for them, once both are in force. */
  private Integer @Nullable [] listeners;

  TopicSubscription(
      RedissonClient redis,
      NodeId node,
      Consumer<ChangeSet> onChange,
      Runnable onSubscribed,
      Duration retryDelay) {
    this.topic = TopicKind.of(redis).topic(redis, RedisKeys.topic(node));
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
    if (ended) {
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
      if (ended) {
        remove(messageListener, statusListener);
        return;
      }
      listeners = new Integer[] {messageListener, statusListener};
    }
    subscribed();
  }

  private void again(Throwable failure) {
    if (ended) {
      return;
    }
    log.atWarn()
        .addKeyValue("node", node)
        .setCause(failure)
        .log("subscribing to a node's changes failed, trying again");
    later.execute(this::begin);
  }

  private void received(byte[] message) {
    if (ended) {
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
    if (ended) {
      return;
    }
    log.atDebug().addKeyValue("node", node).log("subscribed to a node's changes");
    try {
      onSubscribed.run();
    } catch (RuntimeException e) {
      log.atError().addKeyValue("node", node).setCause(e).log("a subscriber failed");
    }
  }

  /** Ends it. */
  synchronized void cancel() {
    ended = true;
    if (listeners != null) {
      remove(listeners);
      listeners = null;
    }
  }

  /** Ends it without a word to Redis: its client goes. */
  void abandon() {
    ended = true;
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
      if (!ended) {
        log.atWarn()
            .addKeyValue("node", node)
            .log("a node's changes are not subscribed to any more");
      }
    }
  }
}
