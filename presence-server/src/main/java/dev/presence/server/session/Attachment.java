package dev.presence.server.session;

import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.presence.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * One stream as its session sees it. All methods may be called from any thread, and none blocks.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Attachment {

  /** What waits to be written on the stream. */
  public Outbox outbox() {
    throw new UnsupportedOperationException();
  }

  /** A heartbeat has arrived. */
  public void heartbeat(long sequence) {
    throw new UnsupportedOperationException();
  }

  /** The client changes its status; null leaves a part as it is. */
  public void updateStatus(@Nullable Activity activity, @Nullable Availability availability) {
    throw new UnsupportedOperationException();
  }

  /** The user leaves. Closed(SIGNED_OUT) follows in the outbox. */
  public void signOut() {
    throw new UnsupportedOperationException();
  }

  /**
   * The stream has ended without a word, or was ended for misuse: the grace period begins. Called
   * after any other end too, where it does nothing.
   */
  public void lost() {
    throw new UnsupportedOperationException();
  }
}
