package dev.presence.server.redis;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.time.Duration;
import java.util.function.Consumer;
import org.redisson.api.RedissonClient;

/**
 * Topics on a client of their own, so that what ails Redis's subscriptions never holds up a write,
 * and the client can be rebuilt.
 *
 * <p>Plain topics: a sharded one goes dead for good when its slot moves (Redisson 4.7), a pattern
 * does not survive every failover.
 */
final class RedisChangeTopic implements ChangeTopic {

  private final RedissonClient redis;
  private final Duration retryDelay;

  /** {@code retryDelay}: how long a subscription waits after it failed. */
  RedisChangeTopic(RedissonClient redis, Duration retryDelay) {
    this.redis = redis;
    this.retryDelay = retryDelay;
  }

  @Override
  public Subscription subscribe(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
    TopicSubscription subscription =
        new TopicSubscription(redis, node, onChange, onSubscribed, retryDelay);
    subscription.begin();
    return subscription;
  }
}
