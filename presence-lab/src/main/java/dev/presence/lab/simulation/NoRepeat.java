package dev.presence.lab.simulation;

import dev.presence.client.ConnectionState;
import org.jspecify.annotations.Nullable;

/** No application is told the same state, last seen and staleness twice in a row. */
final class NoRepeat implements Invariant {

  private final Oracle oracle;

  NoRepeat(Oracle oracle) {
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "no-repeat";
  }

  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    if (before != null
        && before.presence().equals(now.presence())
        && before.stale() == now.stale()) {
      oracle.complain(this, device.name() + " is told twice: " + now.presence());
    }
  }

  @Override
  public void stateTold(
      Device device, ConnectionState.@Nullable Phase before, ConnectionState.Phase now) {
    if (now == before) {
      oracle.complain(this, device.name() + " is told twice that it is " + now);
    }
  }
}
