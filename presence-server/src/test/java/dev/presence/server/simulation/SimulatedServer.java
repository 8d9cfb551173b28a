package dev.presence.server.simulation;

import dev.presence.server.PresenceCore;
import dev.presence.server.cluster.ClusterEvents;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.loop.ManualLoop;
import dev.presence.server.loop.SharedClock;
import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.Timings;
import dev.presence.server.model.UserId;
import dev.presence.server.session.OpenCommand;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.server.session.SessionCall.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One server's core, with two lanes, on the world's clock. */
final class SimulatedServer {

  private final PresenceCore core;
  private final ManualLoop loop;
  private final NodeId self;
  private final List<Runnable> held = new ArrayList<>();
  private boolean dead;
  private boolean paused;
  private boolean serving;
  private boolean refusing;

  SimulatedServer(SimulatedWorld world, String name, RandomGenerator random) {
    loop = world.loop();
    self = new NodeId(name);
    LoopOfServer own = new LoopOfServer();
    core =
        new PresenceCore(
            self,
            name,
            Timings.DEFAULT,
            own,
            List.of(own, own),
            new SharedClock(own),
            world.store().store(self),
            world.store().topic(self),
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
            world::tell,
            random);
    var _ = core.start().thenRun(() -> serving = true);
  }

  private PresenceCore core() {
    return core;
  }

  /**
   * A loop that dies with its server: nothing that it was to do happens any more. One that is
   * paused does everything late.
   */
  private final class LoopOfServer implements EventLoop {

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
  }

  private void runAlive(Runnable task) {
    if (paused) {
      held.add(task);
    } else if (!dead) {
      task.run();
    }
  }

  /** Something comes on a connection. */
  void receive(Runnable message) {
    runAlive(message);
  }

  /** As by kill -9. */
  void kill() {
    dead = true;
    paused = false;
    held.clear();
  }

  boolean isDead() {
    return dead;
  }

  /** Whether it may be sent clients. */
  boolean isServing() {
    return serving && !dead && !refusing;
  }

  /** Sends clients elsewhere, as one does that knows that it is cut off alone. */
  void refuse(boolean now) {
    refusing = now;
  }

  NodeId id() {
    return self;
  }

  /** As by kill -STOP. */
  void pause() {
    paused = true;
  }

  /** As by kill -CONT: what came meanwhile is done now. */
  void resume() {
    paused = false;
    List<Runnable> late = List.copyOf(held);
    held.clear();
    late.forEach(this::runAlive);
  }

  /** As by SIGTERM: streams are sent elsewhere, and the lease ends. */
  void end(SimulatedWorld world) {
    var _ =
        core.sessions()
            .drain()
            .thenCompose(drained -> core.cluster().flushed())
            .thenRun(
                () -> {
                  core.cluster().stop();
                  world.store().store(self).expire(self);
                });
  }

  SimulatedStream open(String user) {
    return open(user, Activity.ACTIVE);
  }

  SimulatedStream open(String user, Activity activity) {
    return open(user, null, 1, activity);
  }

  SimulatedStream resume(String user, SessionId session, int attempt) {
    return open(user, session, attempt, Activity.ACTIVE);
  }

  SimulatedStream resume(String user, SessionId session, int attempt, Activity activity) {
    return open(user, session, attempt, activity);
  }

  /** A browser's page opens a stream. */
  SimulatedStream page(String user, Entry entry) {
    return open(user, null, 1, Activity.ACTIVE, entry);
  }

  /** A browser's page opens a stream again. */
  SimulatedStream page(String user, SessionId session, int attempt, Entry entry) {
    return open(user, session, attempt, Activity.ACTIVE, entry);
  }

  /** A page says something of its session; it need not be here. */
  CompletableFuture<Reception> call(String user, SessionId session, int attempt, Verb verb) {
    SessionCall call = new SessionCall(new SessionKey(session, new UserId(user)), attempt, verb);
    return answered(() -> core.calls().call(call));
  }

  /** Another server hands a call on. */
  CompletableFuture<Reception> handedOn(SessionCall call) {
    return answered(() -> core.calls().handedOn(call));
  }

  private CompletableFuture<Reception> answered(Supplier<CompletionStage<Reception>> question) {
    CompletableFuture<Reception> answer = new CompletableFuture<>();
    if (dead) {
      answer.complete(Reception.UNREACHABLE);
    }
    receive(() -> question.get().thenAccept(answer::complete));
    return answer;
  }

  private SimulatedStream open(
      String user, @Nullable SessionId session, int attempt, Activity activity) {
    return open(user, session, attempt, activity, Entry.APP);
  }

  private SimulatedStream open(
      String user, @Nullable SessionId session, int attempt, Activity activity, Entry entry) {
    SimulatedStream stream = new SimulatedStream(this);
    OpenCommand command =
        new OpenCommand(new UserId(user), session, attempt, "test", activity, entry);
    receive(() -> stream.attached(core.sessions().open(command, stream::read)));
    return stream;
  }
}
