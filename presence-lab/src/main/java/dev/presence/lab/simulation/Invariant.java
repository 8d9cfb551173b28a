package dev.presence.lab.simulation;

import dev.presence.client.ConnectionState;
import org.jspecify.annotations.Nullable;

/** Something that must hold, whatever goes wrong. It complains to the oracle. */
interface Invariant {

  /** The name by which people speak of it. */
  String name();

  /** An application is told of a contact. */
  default void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {}

  /** An application is told how its session stands. */
  default void stateTold(
      Device device, ConnectionState.@Nullable Phase before, ConnectionState.Phase now) {}

  /** Some time has passed. */
  default void look(long nowMillis) {}

  /** All have left, and everything has had its time to settle. */
  default void end() {}
}
