package dev.presence.lab.simulation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** No command comes from heartbeats or reads: where nothing else happens, nodes only renew. */
final class QuietRedis implements Invariant {

  private static final String RENEW = "renew";

  private final World world;
  private final Oracle oracle;
  private @Nullable Map<String, Long> atStart;
  private long startMillis;

  QuietRedis(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "quiet-redis";
  }

  @Override
  public void look(long nowMillis) {
    boolean still = world.isStill();
    Map<String, Long> before = atStart;
    if (still && before == null) {
      atStart = world.redis().commandsByKind();
      startMillis = nowMillis;
    } else if (!still && before != null) {
      atStart = null;
      judge(before, (nowMillis - startMillis) / 1_000 + 1);
    }
  }

  private void judge(Map<String, Long> before, long seconds) {
    long renewals = seconds * world.liveNodes().size();
    world
        .redis()
        .commandsByKind()
        .forEach(
            (command, count) -> {
              long more = count - before.getOrDefault(command, 0L);
              if (more > (command.equals(RENEW) ? renewals : 0)) {
                oracle.complain(
                    this, more + " times " + command + " within " + seconds + " s of stillness");
              }
            });
  }
}
