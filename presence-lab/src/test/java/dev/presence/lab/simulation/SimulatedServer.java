package dev.presence.lab.simulation;

import dev.presence.server.model.Activity;
import dev.presence.server.model.DrainRules;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.PresenceQueries.Freshness;
import dev.presence.server.session.OpenCommand;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.server.session.SessionCall.Verb;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One server of a story, and the streams that the story opens to it. */
final class SimulatedServer {

  private final World world;
  private final SimulatedNode node;

  SimulatedServer(World world, SimulatedNode node) {
    this.world = world;
    this.node = node;
  }

  /** Something comes on a connection. */
  void receive(Runnable message) {
    node.process().receive(message);
  }

  /** As by kill -9. */
  void kill() {
    node.kill();
  }

  /** Whether it may be sent clients. */
  boolean isServing() {
    return node.serves();
  }

  NodeId id() {
    return node.id();
  }

  /** As by kill -STOP. */
  void pause() {
    node.pause();
  }

  /** As by kill -CONT: what came meanwhile is done now. */
  void resume() {
    node.resume();
  }

  /** As by SIGTERM. */
  void drain() {
    node.drain();
  }

  /** As by SIGTERM, by these rules. */
  void drain(DrainRules rules) {
    node.drain(rules);
  }

  /** As by a second SIGTERM. */
  void hurry() {
    node.hurry();
  }

  boolean isDead() {
    return node.isDead();
  }

  /** It alone does not reach the store, or does again. */
  void cutOffAlone(boolean now) {
    if (now) {
      world.reach().cut(List.of(node));
    } else {
      world.reach().mend(List.of(node));
    }
  }

  /** Its connections to the store broke, and are there again: it has to subscribe anew. */
  void subscribeAnew() {
    node.topics().reconnected();
  }

  /** The shard that holds its own keys takes no writes, while the list of nodes is well. */
  void partAway(boolean now) {
    node.redis().partAway(now);
  }

  /** What it asks the store for is done, and not answered. */
  void loseAnswers(boolean now) {
    node.redis().loseAnswers(now ? 1 : 0);
  }

  /** What it asks the store for is done seconds later, and not answered. */
  void isExecutedLate(boolean now) {
    node.redis().sendLate(now ? 1 : 0);
  }

  /** What it answers to somebody who asks. */
  Freshness freshness() {
    return node.core().queries().freshness();
  }

  void deafen() {
    node.topics().deafen();
  }

  void hear() {
    node.topics().hear();
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
    return answered(() -> node.core().calls().call(call));
  }

  private CompletableFuture<Reception> answered(Supplier<CompletionStage<Reception>> question) {
    CompletableFuture<Reception> answer = new CompletableFuture<>();
    if (node.isDead()) {
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
    receive(() -> stream.attached(node.core().sessions().open(command, stream::read)));
    return stream;
  }
}
