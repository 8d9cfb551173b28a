package dev.presence.client.cli;

import dev.presence.client.PresenceSession;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Signs out when the process is asked to end, by Ctrl-C or otherwise, and at the end of a run. */
final class Farewell {
  private static final long LIMIT_SECONDS = 3;

  private final PresenceSession session;
  private final Runnable first;
  private final Thread hook;

  /** Prepares for the end of a session; something else may have to be done first. */
  Farewell(PresenceSession session, Runnable first) {
    this.session = session;
    this.first = first;
    this.hook = new Thread(this::signOut, "farewell");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** At the end of a run that nobody had to stop. */
  void say() {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // it is running already
    }
    signOut();
  }

  private void signOut() {
    first.run();
    try {
      Boolean unused = session.signOut().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      session.close(); // no answer: friends learn it when the grace period is over
    }
  }
}
