package dev.presence.server.redis;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics on a client of their own, so that what ails Redis's subscriptions never holds up a write,
 * and the client can be rebuilt.
 *
 * <p>{@link TopicKind} says which: a sharded one goes dead for good when its slot moves, until it
 * is rebuilt. Never a pattern, which does not survive every failover.
 *
 * <p>Rebuilding ends the old client before it makes the new one, so that no subscriber hears two at
 * a time; what is missed meanwhile is covered by {@code onSubscribed}. While Redis cannot be
 * reached, it is tried again. Thread-safe; no lock is held while Redis or a subscriber is called.
 */
final class RedisChangeTopic implements ChangeTopic, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisChangeTopic.class);

  private final Supplier<RedissonClient> connect;
  private final Duration retryDelay;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();

  /** Null while it is rebuilt, and after the end. */
  private @Nullable RedissonClient redis;

  private boolean closed;

  /**
   * Connects. Blocks.
   *
   * @param connect makes a client; fails while Redis cannot be reached
   * @param retryDelay how long to wait after a failure
   */
  RedisChangeTopic(Supplier<RedissonClient> connect, Duration retryDelay) {
    this.connect = connect;
    this.retryDelay = retryDelay;
    redis = connect.get();
  }

  @Override
  public Subscription subscribe(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
    Subscriber subscriber = new Subscriber(node, onChange, onSubscribed);
    TopicSubscription begun = null;
    synchronized (this) {
      subscribers.add(subscriber);
      if (redis != null) {
        begun = subscriber.on(redis);
      }
    }
    if (begun != null) {
      begun.begin();
    }
    return subscriber;
  }

  @Override
  public void rebuild() {
    RedissonClient old = end();
    if (old != null) {
      log.atWarn().log("subscriptions have gone deaf, connecting anew");
      Thread.ofVirtual()
          .name("topics-rebuild")
          .start(
              () -> {
                RedisClients.shutdown(old);
                connectAnew();
              });
    }
  }

  /** Ends what is in force; null if there is none. */
  private synchronized @Nullable RedissonClient end() {
    RedissonClient old = redis;
    redis = null;
    subscribers.forEach(Subscriber::abandon);
    return old;
  }

  private void connectAnew() {
    RedissonClient fresh;
    try {
      fresh = connect.get();
    } catch (RuntimeException e) {
      if (!isClosed()) {
        log.atWarn().setCause(e).log("connecting for subscriptions failed, trying again");
        connectLater();
      }
      return;
    }
    List<TopicSubscription> subscriptions = adopt(fresh);
    if (subscriptions == null) {
      RedisClients.shutdown(fresh);
    } else {
      subscriptions.forEach(TopicSubscription::begin);
    }
  }

  /** Makes every subscription again, to be begun without the lock; null after the end. */
  private synchronized @Nullable List<TopicSubscription> adopt(RedissonClient fresh) {
    if (closed) {
      return null;
    }
    redis = fresh;
    List<TopicSubscription> subscriptions = new ArrayList<>();
    subscribers.forEach(subscriber -> subscriptions.add(subscriber.on(fresh)));
    return subscriptions;
  }

  private void connectLater() {
    Executor later =
        CompletableFuture.delayedExecutor(
            retryDelay.toMillis(),
            TimeUnit.MILLISECONDS,
            task -> Thread.ofVirtual().name("topics-rebuild").start(task));
    later.execute(this::connectAnew);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Ends all subscriptions. Blocks for some seconds at most. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    RedissonClient old = end();
    if (old != null) {
      RedisClients.shutdown(old);
    }
  }

  /** Who listens to a node, whichever client carries it now. */
  private final class Subscriber implements Subscription {

    private final NodeId node;
    private final Consumer<ChangeSet> onChange;
    private final Runnable onSubscribed;
    private @Nullable TopicSubscription current;

    Subscriber(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
      this.node = node;
      this.onChange = onChange;
      this.onSubscribed = onSubscribed;
    }

    /** To be begun by the caller, without the lock. */
    TopicSubscription on(RedissonClient client) {
      TopicSubscription next =
          new TopicSubscription(client, node, onChange, onSubscribed, retryDelay);
      current = next;
      return next;
    }

    void abandon() {
      if (current != null) {
        current.abandon();
        current = null;
      }
    }

    @Override
    public void cancel() {
      TopicSubscription last;
      synchronized (RedisChangeTopic.this) {
        subscribers.remove(this);
        last = current;
        current = null;
      }
      if (last != null) {
        last.cancel();
      }
    }
  }
}
