package dev.presence.server.presence;

import dev.presence.server.model.Presence;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One presence on its way to many watchers: it is encoded once, by whoever writes it first, and all
 * write the same bytes.
 */
public final class SharedPresence {

  private final Presence presence;
  // Two writers may encode at the same time; they make the same bytes, so either may stay.
  private byte @Nullable [] encoded;

  SharedPresence(Presence presence) {
    this.presence = presence;
  }

  /** What is on its way. */
  public Presence presence() {
    return presence;
  }

  /**
   * The encoded form, made by {@code encoder} unless it is there already. The array is shared: do
   * not change it.
   */
  public byte[] encoded(Function<Presence, byte[]> encoder) {
    byte[] bytes = encoded;
    if (bytes == null) {
      bytes = encoder.apply(presence);
      encoded = bytes;
    }
    return bytes;
  }
}
