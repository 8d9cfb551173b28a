package dev.presence.lab.simulation;

import dev.presence.server.cluster.Witnesses;
import dev.presence.server.session.Peers;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One server's way to the others: who is dead or paused does not answer until the deadline. */
final class PeerLink implements Peers, Witnesses {

  private static final long TRIP_MILLIS = 1;
  private static final long DEADLINE_MILLIS = 2_000;

  private final World world;
  private final SimulatedNode self;

  PeerLink(World world, SimulatedNode self) {
    this.world = world;
    this.self = self;
  }

  @Override
  public CompletionStage<Reception> tell(String address, SessionCall call) {
    world.tally().rule(Rule.CALL_FORWARDED);
    long cameMillis = world.time().nowMillis() + TRIP_MILLIS;
    return ask(
        address,
        node ->
            node.core()
                .calls()
                .handedOn(call)
                .thenApply(said -> heard(node, call, said, cameMillis)),
        Reception.UNREACHABLE);
  }

  /** It counts with the server that has the session, though the one that asked may not wait. */
  private Reception heard(SimulatedNode by, SessionCall call, Reception said, long cameMillis) {
    if (said == Reception.TAKEN) {
      long now = world.time().nowMillis();
      world.truth().heard(call.session(), call.attempt(), now - cameMillis);
      String session = call.session().id().toString();
      world.truth().handedOn(session, call.attempt(), stream -> learn(stream, call, by, now));
    }
    return said;
  }

  private static void learn(
      StreamTruth stream, SessionCall call, SimulatedNode by, long nowMillis) {
    switch (call.verb()) {
      case SessionCall.SignOut() -> stream.signOutNode = by;
      case SessionCall.Heartbeat(boolean hidden) -> stream.hidden(hidden, nowMillis);
      case SessionCall.Status status -> {
        if (status.activity() != null) {
          stream.activity(status.activity(), nowMillis);
        }
      }
      case SessionCall.Leave() -> {}
    }
  }

  @Override
  public CompletionStage<Testimony> reachesStore(String address, boolean alone) {
    world.tally().rule(Rule.PEER_ASKED);
    return ask(address, node -> testify(node, alone), Testimony.SILENT);
  }

  private CompletionStage<Testimony> testify(SimulatedNode node, boolean alone) {
    boolean reached = node.core().cluster().reachesStore(self.name(), alone);
    Testimony said = reached ? Testimony.REACHED : Testimony.AWAY;
    world.note(
        self.name(),
        () ->
            (alone ? "takes clients in alone, asks " : "asks ")
                + node
                + " for Redis, and hears "
                + said);
    return CompletableFuture.completedFuture(said);
  }

  private <T> CompletionStage<T> ask(
      String address, Function<SimulatedNode, CompletionStage<T>> question, T silence) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var _ =
        world
            .time()
            .schedule(
                DEADLINE_MILLIS, () -> self.process().receive(() -> answer.complete(silence)));
    @Nullable SimulatedNode other = world.node(address);
    if (other != null) {
      var _ =
          world
              .time()
              .schedule(
                  TRIP_MILLIS,
                  () ->
                      other
                          .process()
                          .receive(
                              () -> {
                                var _ =
                                    question.apply(other).thenAccept(said -> back(answer, said));
                              }));
    }
    return answer;
  }

  private <T> void back(CompletableFuture<T> answer, T said) {
    var _ =
        world
            .time()
            .schedule(TRIP_MILLIS, () -> self.process().receive(() -> answer.complete(said)));
  }
}
