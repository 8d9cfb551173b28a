package dev.presence.lab.simulation;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/**
 * Where most stories begin: two servers that know each other, and Alice and Bob, who are friends.
 */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class TwoServerStory {

  final SimulatedWorld world = new SimulatedWorld(1);
  SimulatedServer a;
  SimulatedServer b;

  @BeforeEach
  void startBoth() {
    world.friends("alice", "bob");
    a = world.server("a");
    b = world.server("b");
    world.advance(Duration.ofSeconds(10));
  }
}
