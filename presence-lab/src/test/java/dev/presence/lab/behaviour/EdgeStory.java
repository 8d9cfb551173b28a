package dev.presence.lab.behaviour;

import dev.presence.lab.identity.Tokens;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Stories of a new user before Envoy, by gRPC and by HTTP. */
@Tag("edge")
@ExtendWith(World.Rough.class)
@ResourceLock(World.Rough.LOCK)
@SuppressWarnings("NullAway.Init") // set before each test
abstract class EdgeStory {

  final World world;
  final Tokens tokens;
  final Rest rest;
  ManagedChannel edge;
  String user;
  String token;

  EdgeStory(World world) {
    this.world = world;
    tokens = world.fleet().tokens();
    rest = new Rest(world.fleet().edge().address());
  }

  @BeforeEach
  void enter() {
    edge = world.fleet().edgeChannel();
    user = world.friendOf();
    token = tokens.user(user);
  }

  @AfterEach
  void leave() {
    edge.shutdownNow();
    rest.close();
  }
}
