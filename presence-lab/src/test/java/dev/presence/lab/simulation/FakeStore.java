package dev.presence.lab.simulation;

import dev.presence.lab.simulation.contract.StoreUnderTest;
import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.NodeId;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The fake Redis, as two servers reach it, for tests outside this package. */
public final class FakeStore implements StoreUnderTest {

  private static final long PATIENCE_MILLIS = 10_000;

  private final VirtualTime time = new VirtualTime();
  private final FakeRedis redis = new FakeRedis(time, new Tally());
  private final RedisLink writer;
  private final RedisLink listener;
  private final FakeTopics.Client topics;

  /** Makes an empty one. */
  public FakeStore() {
    Random random = new Random(1);
    FakeTopics all = new FakeTopics(time, new Tally(), random);
    redis.publishTo(all::send);
    writer = new RedisLink(time, redis, new SimulatedProcess(time, 0), random);
    SimulatedProcess other = new SimulatedProcess(time, 0);
    listener = new RedisLink(time, redis, other, random);
    topics = all.client(other, listener);
  }

  @Override
  public ClusterStore store() {
    return writer;
  }

  @Override
  public ChangeTopic topic() {
    return topics;
  }

  @Override
  public <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    long end = time.nowMillis() + PATIENCE_MILLIS;
    while (!future.isDone() && time.nowMillis() < end) {
      time.advance(1);
    }
    if (!future.isDone()) {
      throw new AssertionError("no answer within " + PATIENCE_MILLIS + " ms");
    }
    return future.join();
  }

  @Override
  public void eventually(Runnable assertion) {
    time.advance(PATIENCE_MILLIS); // all that is on its way arrives
    assertion.run();
  }

  @Override
  public void wipe() {
    redis.wipe();
  }

  @Override
  public void losePart(NodeId node) {
    redis.losePart(node);
  }

  @Override
  public long keptMillis(NodeId node) {
    return redis.keptMillis(node);
  }

  @Override
  public void loseRecord(NodeId node) {
    redis.loseRecord(node);
  }

  @Override
  public void save(NodeId node) {
    redis.save();
  }

  @Override
  public void restore(NodeId node) {
    redis.rollBackPart(node, 0);
  }

  @Override
  public void passTime(long millis) {
    redis.stepClock(millis);
  }

  @Override
  public void clockFallsBack(long millis) {
    redis.stepClock(-millis);
  }
}
