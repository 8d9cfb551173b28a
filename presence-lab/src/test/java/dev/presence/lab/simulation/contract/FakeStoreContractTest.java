package dev.presence.lab.simulation.contract;

import dev.presence.lab.simulation.FakeStore;
import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.cluster.ClusterStore;
import dev.presence.server.model.NodeId;
import java.util.concurrent.CompletionStage;

/** The contract on the Redis of the simulation. */
final class FakeStoreContractTest extends ClusterStoreContract {

  private final FakeStore fake = new FakeStore();

  @Override
  public ClusterStore store() {
    return fake.store();
  }

  @Override
  public ChangeTopic topic() {
    return fake.topic();
  }

  @Override
  public <T> T await(CompletionStage<T> stage) {
    return fake.await(stage);
  }

  @Override
  public void eventually(Runnable assertion) {
    fake.eventually(assertion);
  }

  @Override
  public void wipe() {
    fake.wipe();
  }

  @Override
  public void losePart(NodeId node) {
    fake.losePart(node);
  }

  @Override
  public long keptMillis(NodeId node) {
    return fake.keptMillis(node);
  }

  @Override
  public void loseRecord(NodeId node) {
    fake.loseRecord(node);
  }

  @Override
  public void save(NodeId node) {
    fake.save(node);
  }

  @Override
  public void restore(NodeId node) {
    fake.restore(node);
  }

  @Override
  public void passTime(long millis) {
    fake.passTime(millis);
  }

  @Override
  public void clockFallsBack(long millis) {
    fake.clockFallsBack(millis);
  }
}
