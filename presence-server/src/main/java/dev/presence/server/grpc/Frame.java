package dev.presence.server.grpc;

import java.util.List;

/**
 * One ServerMessage as bytes: some of its own around chunks that it shares with other frames. None
 * of the arrays may be changed.
 *
 * @param head the bytes before the chunks
 * @param chunks the shared part
 * @param tail the bytes after them
 * @param length of all together
 */
// A record of arrays has no use for equals; none is ever asked for.
@SuppressWarnings("ArrayRecordComponent")
record Frame(byte[] head, List<byte[]> chunks, byte[] tail, int length) {

  private static final byte[] NOTHING = {};

  /** A frame that shares nothing. */
  static Frame of(byte[] message) {
    return new Frame(message, List.of(), NOTHING, message.length);
  }
}
