package dev.presence.lab.simulation;

import dev.presence.server.model.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A last seen never goes back: neither what an application is told, nor what is stored. */
final class LastSeenForward implements Invariant {

  private static final long STORED_MILLIS = 10_000;

  private final World world;
  private final Oracle oracle;
  private final Map<Device, Map<String, Instant>> shown = new HashMap<>();
  private final Map<UserId, Long> stored = new HashMap<>();
  private long lastLookMillis;

  LastSeenForward(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "last-seen-forward";
  }

  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    Instant seen = now.presence().lastSeen().orElse(null);
    if (seen == null) {
      return;
    }
    String user = now.presence().userId();
    Instant last = shown.computeIfAbsent(device, _ -> new HashMap<>()).put(user, seen);
    if (last != null && seen.isBefore(last)) {
      oracle.complain(
          this,
          device.name() + " is told that " + user + " was last seen " + seen + ", after " + last);
    }
  }

  @Override
  public void look(long nowMillis) {
    if (nowMillis - lastLookMillis < STORED_MILLIS) {
      return;
    }
    lastLookMillis = nowMillis;
    world
        .postgres()
        .lastSeen()
        .forEach(
            (user, seen) -> {
              Long last = stored.put(user, seen);
              if (last != null && seen < last) {
                oracle.complain(this, "the stored last seen of " + user + " goes back");
              }
            });
  }
}
