package dev.presence.server.simulation;

import dev.presence.server.PresenceCore;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.session.OpenCommand;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One server's core, with two lanes, on the world's clock. */
final class SimulatedServer {

  private final PresenceCore core;
  private boolean dead;

  SimulatedServer(SimulatedWorld world, String name, RandomGenerator random) {
    ManualLoop loop = world.loop();
    LoopOfServer own = new LoopOfServer(loop);
    core =
        new PresenceCore(
            new NodeId(name),
            "",
            Timings.DEFAULT,
            own,
            List.of(own, own),
            new SharedClock(own),
            world.store().store(),
            world.store().topic(),
            world.rosters(own),
            new ClusterEvents() {
              @Override
              public void published(ChangeSet changeSet) {
                world.journaled(changeSet);
              }

              @Override
              public void settle(NodeId node, long lastRenewalMillis) {
                core().cluster().settled(node);
              }
            },
            (user, wish) -> world.keepWish(user, wish),
            random);
    core.start();
  }

  private PresenceCore core() {
    return core;
  }

  /** A loop that dies with its server: nothing that it was to do happens any more. */
  private final class LoopOfServer implements dev.presence.server.loop.EventLoop {
    private final ManualLoop loop;

    LoopOfServer(ManualLoop loop) {
      this.loop = loop;
    }

    @Override
    public long nowMillis() {
      return loop.nowMillis();
    }

    @Override
    public void execute(Runnable task) {
      loop.execute(() -> runAlive(task));
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
      return loop.schedule(delayMillis, () -> runAlive(task));
    }

    private void runAlive(Runnable task) {
      if (!dead) {
        task.run();
      }
    }
  }

  /** As by kill -9. */
  void kill() {
    dead = true;
  }

  SimulatedStream open(String user) {
    return open(user, null, 1);
  }

  SimulatedStream resume(String user, SessionId session, int attempt) {
    return open(user, session, attempt);
  }

  private SimulatedStream open(String user, @Nullable SessionId session, int attempt) {
    SimulatedStream stream = new SimulatedStream();
    OpenCommand command =
        new OpenCommand(new UserId(user), session, attempt, "test", Activity.ACTIVE);
    stream.attached(core.sessions().open(command, stream::read));
    return stream;
  }
}
