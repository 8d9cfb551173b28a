package dev.presence.lab.simulation;

import dev.presence.server.cluster.ChangeTopic;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The topics of the fake Redis. Messages of one node reach a server in their order; those of
 * different nodes have none, and any may be lost, doubled or late while that is asked for.
 */
final class FakeTopics {

  private static final long MAX_DELAY_MILLIS = 2_000;
  private static final long REORDER_MILLIS = 60;

  private final VirtualTime time;
  private final Tally tally;
  private final RandomGenerator random;
  private final List<Client> clients = new ArrayList<>();
  private double lossChance;
  private double doubleChance;
  private double delayChance;
  private final Set<NodeId> muted = new TreeSet<>();
  private boolean unordered;

  FakeTopics(VirtualTime time, Tally tally, RandomGenerator random) {
    this.time = time;
    this.tally = tally;
    this.random = random;
  }

  void lose(double chance) {
    lossChance = chance;
  }

  void doubled(double chance) {
    doubleChance = chance;
  }

  void delay(double chance) {
    delayChance = chance;
  }

  void unordered(boolean now) {
    unordered = now;
  }

  /** Messages about this node are lost from now on, or not any more. */
  void mute(NodeId node, boolean now) {
    if (now) {
      muted.add(node);
    } else {
      muted.remove(node);
    }
  }

  /** A change set was published. */
  void send(ChangeSet changeSet) {
    if (muted.contains(changeSet.node())) {
      return;
    }
    for (Client client : List.copyOf(clients)) {
      client.send(changeSet);
    }
  }

  private boolean chance(double of) {
    return of > 0 && random.nextDouble() < of;
  }

  Client client(SimulatedProcess process, RedisLink link) {
    Client client = new Client(process, link);
    clients.add(client);
    return client;
  }

  /** One server's topic client. */
  final class Client implements ChangeTopic {
    private final SimulatedProcess process;
    private final RedisLink link;
    private final List<Entry> entries = new ArrayList<>();
    private boolean deaf;

    private Client(SimulatedProcess process, RedisLink link) {
      this.process = process;
      this.link = link;
    }

    /** Hears nothing from now on, and does not notice, until it is built anew. */
    void deafen() {
      deaf = true;
    }

    boolean isDeaf() {
      return deaf;
    }

    /** Hears again, without having been built anew. */
    void hear() {
      deaf = false;
    }

    /** The server has gone. */
    void close() {
      entries.clear();
      clients.remove(this);
    }

    /** The connection is there again after an outage. */
    void reconnected() {
      List.copyOf(entries).forEach(this::connect);
    }

    @Override
    public Subscription subscribe(
        NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
      Entry entry = new Entry(node, onChange, onSubscribed);
      entries.add(entry);
      connect(entry);
      return () -> {
        entry.cancelled = true;
        entries.remove(entry);
      };
    }

    @Override
    public void rebuild() {
      tally.rule(Rule.TOPIC_REBUILT);
      deaf = false;
      entries.forEach(entry -> entry.inForce = false);
      reconnected();
    }

    private void connect(Entry entry) {
      var _ =
          time.schedule(
              2 * link.distance(),
              () -> {
                if (!link.isCutOff() && !entry.cancelled) {
                  entry.inForce = true;
                  process.receive(
                      () -> {
                        if (!entry.cancelled) {
                          entry.onSubscribed.run();
                        }
                      });
                }
              });
    }

    private void send(ChangeSet changeSet) {
      for (Entry entry : List.copyOf(entries)) {
        if (entry.inForce && entry.node.equals(changeSet.node()) && !chance(lossChance)) {
          deliver(entry, changeSet);
          if (chance(doubleChance)) {
            deliver(entry, changeSet);
          }
        }
      }
    }

    private void deliver(Entry entry, ChangeSet changeSet) {
      long delay = link.distance();
      if (unordered) {
        delay += random.nextLong(REORDER_MILLIS);
      }
      if (chance(delayChance)) {
        delay += random.nextLong(MAX_DELAY_MILLIS);
      }
      long at = Math.max(entry.lastDelivery, time.nowMillis() + delay);
      entry.lastDelivery = at;
      var _ =
          time.schedule(
              at - time.nowMillis(),
              () -> {
                if (!link.isCutOff() && !deaf) {
                  process.receive(
                      () -> {
                        if (!entry.cancelled) {
                          entry.onChange.accept(changeSet);
                        }
                      });
                }
              });
    }
  }

  private static final class Entry {
    private final NodeId node;
    private final Consumer<ChangeSet> onChange;
    private final Runnable onSubscribed;
    private boolean inForce;
    private boolean cancelled;
    private long lastDelivery;

    private Entry(NodeId node, Consumer<ChangeSet> onChange, Runnable onSubscribed) {
      this.node = node;
      this.onChange = onChange;
      this.onSubscribed = onSubscribed;
    }
  }
}
