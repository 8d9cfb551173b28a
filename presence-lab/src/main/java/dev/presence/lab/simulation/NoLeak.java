package dev.presence.lab.simulation;

import org.jspecify.annotations.Nullable;

/** No watcher learns of someone it may not see. */
final class NoLeak implements Invariant {

  private final Oracle oracle;

  NoLeak(Oracle oracle) {
    this.oracle = oracle;
  }

  @Override
  public String name() {
    return "no-leak";
  }

  @Override
  public void told(Device device, App.@Nullable Told before, App.Told now, boolean change) {
    String user = now.presence().userId();
    for (Person visible : device.person().visible()) {
      if (visible.name().equals(user)) {
        return;
      }
    }
    oracle.complain(this, device.name() + " is told of " + user);
  }

  /** A question was answered with more than nothing. */
  void answered(Device device, String about) {
    oracle.complain(this, device.name() + " asked, and learned of " + about);
  }
}
