package dev.presence.lab.simulation;

/** When all have left, nothing is held any more. */
final class EmptyAtEnd implements Invariant {

  private final World world;
  private final Oracle oracle;

  EmptyAtEnd(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "empty-at-end";
  }

  @Override
  public void end() {
    world
        .redis()
        .sessionCounts()
        .forEach(
            (node, count) ->
                oracle.complain(
                    this,
                    count
                        + " sessions are left in Redis of "
                        + node
                        + (world.redis().record(node) != null ? "" : ", which is in no list")));
    for (SimulatedNode node : world.liveNodes()) {
      node.core()
          .sizes()
          .thenAccept(
              sizes ->
                  sizes.forEach(
                      (what, size) -> {
                        if (size > 0 && !what.startsWith("remembered")) {
                          oracle.complain(this, node + " holds " + size + " " + what);
                        }
                      }));
    }
    world.time().advance(100);
  }
}
