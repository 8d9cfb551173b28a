package dev.presence.server.session;

/** All sessions of this node. */
@SuppressWarnings("DoNotCallSuggester")
public final class Sessions {

  /**
   * Opens or resumes a session on a new stream. Returns at once; hello, or the reason why there is
   * none, follows in the outbox.
   *
   * @param wake told, on any thread, each time the outbox has something to take
   */
  public Attachment open(OpenCommand command, Runnable wake) {
    throw new UnsupportedOperationException(command + " " + wake);
  }
}
