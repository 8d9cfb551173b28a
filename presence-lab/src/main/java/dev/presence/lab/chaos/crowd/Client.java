package dev.presence.lab.chaos.crowd;

import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.chaos.oracle.Deed;
import dev.presence.lab.clients.RunClock;
import dev.presence.lab.tcp.Line;

/**
 * One device of one user, from its coming to its leaving: a client library, and under it a line
 * that can be cut. It writes down what it does and is told. The crowd's thread calls it.
 */
abstract class Client {

  /** A sign-out that is not confirmed by then may not have been heard. */
  private static final long CONFIRMED_MICROS = 2_000_000;

  final ClientLog log;
  final RunClock clock;
  final Line line;
  private volatile boolean connected;
  private volatile String node = "";
  private volatile boolean away;
  private volatile boolean stalled;
  private volatile boolean leaving;
  private volatile boolean over;
  private volatile long signOutMicros;

  Client(ClientLog log, RunClock clock, Line line) {
    this.log = log;
    this.clock = clock;
    this.line = line;
  }

  /** Connects. */
  abstract void open();

  /** Lets the library sign out. */
  abstract void leave();

  /**
   * Ends the library, without a word to the servers: the line is cut, or nothing is left to say.
   */
  abstract void end();

  /** Whether it is connected, and on its way nowhere. */
  final boolean live() {
    return connected && !away && !leaving;
  }

  /** To which node it is connected; empty if to none. */
  final String node() {
    return connected ? node : "";
  }

  /** Whether it wants to be there. */
  final boolean present() {
    return !leaving;
  }

  /** Whether it has signed out, or the library gave up. */
  final boolean over() {
    return over;
  }

  /** The line is cut; the library finds out by itself, and so does the server. */
  final boolean cut() {
    away = true;
    log.note(clock.micros(), Deed.CUT);
    return line.cut() > 0;
  }

  /** Nothing gets through for a while. */
  final void stall() {
    stalled = true;
    log.note(clock.micros(), Deed.STALLED);
    int _ = line.stall();
  }

  final void mend() {
    if (away || stalled) {
      log.note(clock.micros(), Deed.MENDED);
    }
    away = false;
    stalled = false;
    line.mend();
  }

  /** As cut, and for ever. */
  final void vanish() {
    leaving = true;
    log.note(clock.micros(), Deed.VANISHED);
    line.cut();
    end();
    over = true;
  }

  final void signOut() {
    leaving = true;
    signOutMicros = clock.micros();
    log.note(signOutMicros, Deed.SIGNED_OUT);
    leave();
  }

  /** Frees all it holds. */
  final void free() {
    end();
    line.close();
  }

  // What happens to it, on the library's thread.

  final void greeted(long atMicros, String session, String on) {
    node = on;
    connected = true;
    if (!leaving) { // else it is there only to say that it leaves
      log.greeted(atMicros, session, on);
    }
  }

  final void lost(long atMicros) {
    boolean ended = connected && !leaving;
    connected = false;
    if (ended) {
      log.note(atMicros, away ? Deed.ENDED : Deed.LOST);
    }
  }

  /** The library will not try again. */
  final void finished(long atMicros, String why) {
    connected = false;
    if (!leaving) {
      log.gaveUp(atMicros, why);
    } else if (signOutMicros > 0 && atMicros - signOutMicros > CONFIRMED_MICROS) {
      log.note(atMicros, Deed.UNCONFIRMED);
    }
    leaving = true;
    over = true;
  }
}
