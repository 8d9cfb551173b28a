package dev.presence.lab.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * What goes wrong in a run, and when: a dozen faults, some of which overlap, with quiet times
 * between. Each one heals by itself.
 */
final class FaultSchedule {

  static final int FAULTS = 12;
  private static final long SAVE_MILLIS = 1_500;
  private static final long QUIET_MILLIS = 16_000;

  /** A node notices so soon that Redis has lost what it wrote. */
  private static final long NOTICED_MILLIS = 3_000;

  private static final long LOST_MILLIS = SessionTruth.LEASE_MILLIS + SessionTruth.HANDOVER_MILLIS;

  private final World world;
  private final RandomGenerator random;
  private final List<FaultKind> drawn = new ArrayList<>();
  private boolean saving = true;
  private long lengthMillis;

  FaultSchedule(World world, long seed) {
    this.world = world;
    random = world.random();
    List<FaultKind> deck = new ArrayList<>();
    List<FaultKind> kinds = new ArrayList<>(List.of(FaultKind.values()));
    Collections.shuffle(kinds, new Random(seed));
    while (deck.size() < FAULTS) {
      deck.addAll(kinds);
    }
    drawn.addAll(deck.subList(0, FAULTS));
  }

  /** Puts all faults into the calendar; returns when the last one begins. */
  long start() {
    save();
    long at = 4_000 + random.nextLong(4_000);
    for (int i = 0; i < drawn.size(); i++) {
      FaultKind kind = drawn.get(i);
      var _ = world.time().schedule(at, () -> strike(kind));
      boolean quiet = i % 3 == 2;
      at += quiet ? QUIET_MILLIS + random.nextLong(6_000) : random.nextLong(500, 9_000);
    }
    lengthMillis = at;
    return at;
  }

  long lengthMillis() {
    return lengthMillis;
  }

  void stop() {
    saving = false;
  }

  /** Older states of Redis to fall back to. */
  private void save() {
    if (saving) {
      world.redis().save();
      var _ = world.time().schedule(SAVE_MILLIS, this::save);
    }
  }

  private void strike(FaultKind kind) {
    List<SimulatedNode> nodes = world.healthyNodes();
    if (nodes.isEmpty()) {
      return;
    }
    SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
    world.tally().fault(kind);
    world.note("FAULT", () -> kind.toString());
    FaultLog.Entry entry = world.faults().begin(kind);
    switch (kind) {
      case MESSAGES_LOST -> during(entry, 8_000, 0.5, world.topics()::lose);
      case MESSAGES_DUPLICATED -> during(entry, 8_000, 0.5, world.topics()::doubled);
      case MESSAGES_DELAYED -> during(entry, 8_000, 0.3, world.topics()::delay);
      case MESSAGES_REORDERED -> {
        world.topics().unordered(true);
        heal(entry, 10_000, () -> world.topics().unordered(false));
      }
      case TOPIC_DEAF -> {
        node.topics().deafen();
        untilHeard(entry, node);
      }
      case ANSWERS_LOST ->
          during(entry, 6_000, 0.25, chance -> each(live -> live.redis().loseAnswers(chance)));
      case REQUESTS_TWICE ->
          during(entry, 8_000, 0.3, chance -> each(live -> live.redis().sendTwice(chance)));
      case REQUESTS_LATE ->
          during(entry, 6_000, 0.2, chance -> each(live -> live.redis().sendLate(chance)));
      case REDIS_FAR -> {
        node.redis().distance(random.nextLong(20, 150));
        heal(entry, 8_000, () -> node.redis().distance(1));
      }
      case REDIS_CUT_ONE -> cut(entry, List.of(node));
      case REDIS_CUT_SOME -> cut(entry, nodes.subList(0, Math.max(1, nodes.size() - 1)));
      case REDIS_AWAY -> away(entry);
      case REDIS_WIPED -> atOnce(entry, world.redis()::wipe);
      case REDIS_ROLLED_BACK -> atOnce(entry, () -> world.redis().rollBack(random.nextInt(6)));
      case NODES_ROLLED_BACK -> atOnce(entry, () -> world.redis().rollBackNodes(random.nextInt(6)));
      case NODE_KEYS_ROLLED_BACK ->
          atOnce(
              entry,
              () -> {
                world.redis().rollBackPart(node.id(), random.nextInt(6));
                world.redis().tearNextRewrite(node.id());
              });
      case REWRITE_INTERRUPTED -> atOnce(entry, () -> interruptRewrite(node));
      case CLOCK_BACK ->
          atOnce(entry, () -> world.redis().stepClock(-random.nextLong(100, 30_000)));
      case NODE_KILLED -> kill(entry, List.of(node));
      case NODE_PAUSED -> pause(entry, node);
      case NODE_DRAINED -> drain(entry, node);
      case ALL_KILLED -> kill(entry, world.liveNodes());
      case POSTGRES_AWAY -> postgresAway(entry, 15_000);
      case POSTGRES_SLOW -> {
        world.postgresTakes(random.nextLong(200, 2_500));
        heal(entry, 12_000, () -> world.postgresTakes(2));
      }
      case KILLED_UNWRITTEN -> {
        killUnwritten(node);
        entry.end();
      }
      case COMMIT_UNREPORTED -> {
        world.postgres().failAfterCommit(1 + random.nextInt(3));
        heal(entry, 3_000, () -> world.postgres().failAfterCommit(0));
      }
    }
  }

  /** A fault that is a part of another one. */
  private FaultLog.Entry part(FaultKind kind) {
    world.note("FAULT", () -> "by which " + kind);
    return world.faults().begin(kind);
  }

  private void interruptRewrite(SimulatedNode node) {
    world.redis().rollBackPart(node.id(), random.nextInt(6));
    world.redis().atNextRewrite(node.id(), () -> interrupt(node));
    // What it rolled back to may be what stood there: then nothing is written again.
    var _ = world.time().schedule(NOTICED_MILLIS, () -> world.redis().letRewrite(node.id()));
  }

  private void interrupt(SimulatedNode node) {
    if (node.isDead() || node.isDraining() || node.process().isPaused()) {
      return;
    }
    world.faults().rewriteInterrupted();
    switch (random.nextInt(3)) {
      case 0 -> pause(part(FaultKind.NODE_PAUSED), node);
      case 1 -> cut(part(FaultKind.REDIS_CUT_ONE), List.of(node));
      default -> kill(part(FaultKind.NODE_KILLED), List.of(node));
    }
  }

  private void killUnwritten(SimulatedNode node) {
    postgresAway(part(FaultKind.POSTGRES_AWAY), 25_000);
    var _ =
        world
            .time()
            .schedule(
                random.nextLong(500, 4_000),
                () -> {
                  if (!node.isDead() && !node.isDraining()) {
                    kill(part(FaultKind.NODE_KILLED), List.of(node));
                  }
                });
  }

  private void postgresAway(FaultLog.Entry entry, long mostMillis) {
    world.postgres().away(true);
    heal(entry, mostMillis, () -> world.postgres().away(false));
  }

  private interface Chance {
    void set(double chance);
  }

  private void during(FaultLog.Entry entry, long mostMillis, double most, Chance chance) {
    chance.set(most * (0.2 + 0.8 * random.nextDouble()));
    heal(entry, mostMillis, () -> chance.set(0));
  }

  private void each(java.util.function.Consumer<SimulatedNode> action) {
    world.liveNodes().forEach(action);
  }

  private void heal(FaultLog.Entry entry, long mostMillis, Runnable healing) {
    long millis = random.nextLong(mostMillis / 8, mostMillis);
    var _ =
        world
            .time()
            .schedule(
                millis,
                () -> {
                  healing.run();
                  world.note("HEALED", () -> entry.kind.toString());
                  entry.end();
                });
  }

  /** Only the server itself can heal it, by building its topic client anew. */
  private void untilHeard(FaultLog.Entry entry, SimulatedNode node) {
    if (node.topics().isDeaf() && !node.isDead()) {
      var _ = world.time().schedule(500, () -> untilHeard(entry, node));
    } else {
      world.note("HEALED", () -> entry.kind.toString());
      entry.end();
    }
  }

  private void atOnce(FaultLog.Entry entry, Runnable action) {
    action.run();
    var _ = world.time().schedule(1, entry::end);
  }

  private void cut(FaultLog.Entry entry, List<SimulatedNode> nodes) {
    List<SimulatedNode> cut = List.copyOf(nodes);
    world.reach().cut(cut);
    if (!world.reach().isAway()) {
      entry.hits(cut);
    }
    heal(entry, 25_000, () -> world.reach().mend(cut));
  }

  private void away(FaultLog.Entry entry) {
    world.reach().cutAll();
    heal(entry, 25_000, world.reach()::mendAll);
  }

  private void kill(FaultLog.Entry entry, List<SimulatedNode> nodes) {
    nodes.forEach(SimulatedNode::kill);
    world.people().forEach(Person::wishMayBeLost);
    for (int i = 0; i < nodes.size(); i++) {
      var _ = world.time().schedule(random.nextLong(200, 3_000), world::startNode);
    }
    // What follows for its sessions is the oracle's affair, and lasts as long.
    var _ = world.time().schedule(5_000, entry::end);
  }

  private void pause(FaultLog.Entry entry, SimulatedNode node) {
    node.pause();
    entry.hits(List.of(node));
    long millis =
        switch (random.nextInt(6)) {
          case 0, 1 -> random.nextLong(1_000, 60_000);
          case 2 -> untilLost(node) + random.nextLong(1_000); // it comes while it is taken for lost
          default -> random.nextLong(1_000, 12_000);
        };
    var _ =
        world
            .time()
            .schedule(
                millis,
                () -> {
                  node.resume();
                  entry.end();
                });
  }

  private long untilLost(SimulatedNode node) {
    return world.leaseFrom(node) + LOST_MILLIS - world.time().nowMillis();
  }

  private void drain(FaultLog.Entry entry, SimulatedNode node) {
    node.drain();
    var _ = world.time().schedule(random.nextLong(1_000), world::startNode);
    untilEnded(entry, node);
  }

  /** It goes when its clients have moved, or their time is over. */
  private void untilEnded(FaultLog.Entry entry, SimulatedNode node) {
    if (node.isDead()) {
      entry.end();
    } else {
      var _ = world.time().schedule(500, () -> untilEnded(entry, node));
    }
  }
}
