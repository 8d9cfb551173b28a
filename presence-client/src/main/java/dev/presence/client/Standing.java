package dev.presence.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a session stands: told to the listener as it changes, and readable from any thread. */
final class Standing {
  private final Loop loop;
  private final PresenceListener listener;
  private volatile ConnectionState state = ConnectionState.of(ConnectionState.Phase.CONNECTING, "");
  private volatile @Nullable LastHello lastHello;

  Standing(Loop loop, PresenceListener listener) {
    this.loop = loop;
    this.listener = listener;
  }

  void begin() {
    listener.onState(state);
  }

  /** Within a phase only the detail changes, which is worth no event. */
  void become(ConnectionState next) {
    boolean moved = state.phase() != next.phase();
    state = next;
    if (moved) {
      listener.onState(next);
    }
  }

  void heard(LastHello hello) {
    lastHello = hello;
    listener.onHello(hello.info());
  }

  ConnectionState state() {
    return state;
  }

  @Nullable SessionInfo info() {
    LastHello last = lastHello;
    return last == null ? null : last.info();
  }

  long graceMillis() {
    LastHello last = lastHello;
    return last == null ? SessionMachine.USUAL_GRACE_MILLIS : last.info().gracePeriod().toMillis();
  }

  /** The servers' clock, going by what hello said; before the first hello the given time. */
  Instant serverNow(Instant fallback) {
    LastHello last = lastHello;
    return last == null ? fallback : last.serverTime(loop.nowMillis());
  }
}
