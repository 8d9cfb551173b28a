package dev.presence.server.simulation;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Some minutes of a small fleet in which people come and go and things break, decided by a seed.
 * Truth is what the devices know of themselves. At most one of the faults that stop a server or the
 * store lasts at a time, for less than what takes a server's sessions offline by design.
 */
final class RandomRun {

  private static final int USERS = 6;
  private static final int DEVICES = 12;
  private static final long STEP_MILLIS = 250;
  private static final int STEPS = 240;
  private static final Duration QUIET = Duration.ofSeconds(60);

  private final Random random;
  private final SimulatedWorld world;
  private final List<SimulatedServer> servers = new ArrayList<>();
  private final List<RandomDevice> devices = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> story = new ArrayList<>();

  private int born;
  private @Nullable Runnable heal;
  private String healing = "";
  private long healAt;
  private long calmSince;
  private long wipedAt;
  private long killedAt;

  RandomRun(long seed) {
    random = new Random(seed);
    world = new SimulatedWorld(seed);
    for (int i = 0; i < USERS; i++) {
      for (int j = 0; j < i; j++) {
        world.friends("u" + i, "u" + j);
      }
    }
    if (random.nextBoolean()) {
      world.store().unruly(random);
    }
    world.databaseTakes(Duration.ofMillis(random.nextInt(100)));
    birth();
    birth();
    birth();
    world.advance(Duration.ofSeconds(10));
    for (int i = 0; i < DEVICES; i++) {
      devices.add(new RandomDevice(world, servers, "u" + i % USERS, random, this::told));
    }
  }

  /** What went wrong, nothing if all was right. */
  List<String> run(int rounds) {
    for (int round = 0; round < rounds && faults.isEmpty(); round++) {
      for (int step = 0; step < STEPS && faults.isEmpty(); step++) {
        person();
        fault();
        world.advance(Duration.ofMillis(STEP_MILLIS));
      }
      heal();
      if (faults.isEmpty()) {
        world.advance(QUIET);
        compare();
      }
    }
    return faults;
  }

  /** What was done, the newest last. */
  List<String> story() {
    return story;
  }

  private void note(String what) {
    story.add(world.nowMillis() % 10_000_000 + " " + what);
  }

  private void birth() {
    servers.add(world.server("s" + born++));
  }

  private void person() {
    RandomDevice device = devices.get(random.nextInt(devices.size()));
    int choice = random.nextInt(12);
    if (!device.isWanted()) {
      if (choice < 4) {
        note("come " + device);
        device.come();
      }
      return;
    }
    switch (choice) {
      case 0 -> {
        note("sign out " + device);
        device.signOut();
      }
      case 1 -> {
        note("vanish " + device);
        device.vanish();
      }
      case 2, 3, 4 -> {
        note("cut " + device);
        device.cut(8_000);
      }
      case 5 -> device.say(random.nextBoolean() ? Activity.AWAY : Activity.ACTIVE);
      default -> {}
    }
  }

  private void fault() {
    if (heal != null && world.nowMillis() >= healAt) {
      heal();
    }
    if (random.nextInt(40) == 0) {
      small(pick());
    }
    boolean calm = heal == null && world.nowMillis() - Math.max(calmSince, wipedAt) > 12_000;
    if (calm && random.nextInt(20) == 0) {
      big(pick());
    }
  }

  private SimulatedServer pick() {
    return servers.get(random.nextInt(servers.size()));
  }

  private void small(SimulatedServer server) {
    switch (random.nextInt(4)) {
      case 0 -> {
        // Whose server goes as the store is emptied is unknown to newborn servers, by design.
        if (world.nowMillis() - killedAt > 20_000) {
          note("wipe");
          wipedAt = world.nowMillis();
          world.store().wipe();
        }
      }
      case 1 -> {
        note("mute " + server.id());
        world.store().mute(server.id());
        world.later(random.nextInt(4_000), () -> world.store().unmute(server.id()));
      }
      case 2 -> {
        note("deafen " + server.id());
        world.store().deafen(server.id());
        world.later(random.nextInt(4_000), () -> world.store().hear(server.id()));
      }
      default -> world.store().distance(server.id(), 1 + random.nextInt(100));
    }
  }

  private void big(SimulatedServer server) {
    switch (random.nextInt(5)) {
      case 0 -> last("store away", 40_000, world.store()::away, world.store()::back);
      case 1 -> last("pause " + server.id(), 8_000, server::pause, server::resume);
      case 2 ->
          last(
              "cut off " + server.id(),
              6_000,
              () -> {
                server.refuse(true);
                world.store().cutOff(server.id());
              },
              () -> {
                server.refuse(false);
                world.store().rejoin(server.id());
              });
      case 3 -> {
        servers.remove(server);
        killedAt = world.nowMillis();
        last("kill " + server.id(), 1_000, server::kill, this::birth);
        for (RandomDevice device : devices) {
          SimulatedStream stream = device.stream();
          if (stream != null && stream.server() == server) {
            device.cut(4_000);
          }
        }
      }
      default -> {
        servers.remove(server);
        killedAt = world.nowMillis();
        last("end " + server.id(), 1_000, () -> server.end(world), this::birth);
      }
    }
  }

  private void last(String what, int withinMillis, Runnable begin, Runnable end) {
    note(what);
    begin.run();
    healing = what;
    heal = end;
    healAt = world.nowMillis() + random.nextInt(withinMillis);
  }

  private void heal() {
    Runnable end = heal;
    if (end != null) {
      note("over: " + healing);
      heal = null;
      calmSince = world.nowMillis();
      end.run();
    }
  }

  private void told(RandomDevice watcher, @Nullable Presence presence) {
    if (presence == null) {
      snapshot(watcher);
    } else if (presence.state() == PresenceState.OFFLINE) {
      for (RandomDevice device : devices) {
        if (device.user.equals(presence.user().value())
            && device.forbidsOffline(world.nowMillis())) {
          fail("false offline of " + device + " told to " + watcher);
        }
      }
    }
  }

  private void snapshot(RandomDevice watcher) {
    SimulatedStream stream = watcher.stream();
    if (stream == null || heal != null || world.nowMillis() - calmSince < 15_000) {
      return;
    }
    for (RandomDevice device : devices) {
      boolean offline = stream.sees(device.user) == PresenceState.OFFLINE;
      if (offline && device.isLiveFor(10_000) && !device.user.equals(watcher.user)) {
        fail("snapshot without " + device + " for " + watcher);
      }
    }
  }

  private void compare() {
    for (RandomDevice device : devices) {
      SimulatedStream stream = device.stream();
      if (device.isWanted() && (stream == null || !device.isLive() || !stream.isComplete())) {
        fail("not live at a quiet point: " + device);
      }
      for (int i = 0; stream != null && i < USERS; i++) {
        String other = "u" + i;
        if (!other.equals(device.user) && stream.sees(other) != truth(other)) {
          fail(
              "wrong view: "
                  + device
                  + " sees "
                  + other
                  + " "
                  + stream.sees(other)
                  + " and not "
                  + truth(other));
        }
      }
    }
  }

  private PresenceState truth(String user) {
    PresenceState state = PresenceState.OFFLINE;
    for (RandomDevice device : devices) {
      if (device.user.equals(user) && device.isWanted()) {
        if (device.activity() == Activity.ACTIVE) {
          return PresenceState.ONLINE;
        }
        state = PresenceState.AWAY;
      }
    }
    return state;
  }

  private void fail(String what) {
    note("WRONG " + what);
    faults.add(world.nowMillis() % 10_000_000 + " " + what);
  }
}
