package dev.presence.lab.tcp;

import java.nio.ByteBuffer;

/** Decides what gets through of that which a server answers on one connection. */
public interface Sieve {

  /** Lets all through. */
  Sieve NONE = bytes -> bytes;

  /**
   * Takes what came.
   *
   * @return what is passed on now; may be empty, and may be the same buffer
   */
  ByteBuffer pass(ByteBuffer bytes);
}
