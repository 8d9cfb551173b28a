package dev.presence.server.model;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The id of a session: a UUIDv7 (RFC 9562 §5.7), whose time is when the session was opened, so that
 * the id alone finds the row in the partitioned history.
 *
 * @param uuid a version 7 UUID
 */
public record SessionId(UUID uuid) implements Comparable<SessionId> {

  private static final int VERSION = 7;
  private static final long RANDOM_A_MASK = 0xFFFL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

  /** Makes a new id for a session opened at {@code nowMillis} of the shared clock. */
  public static SessionId create(long nowMillis, RandomGenerator random) {
    long high = (nowMillis << 16) | ((long) VERSION << 12) | (random.nextLong() & RANDOM_A_MASK);
    long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
    return new SessionId(new UUID(high, low));
  }

  /**
   * Reads an id that a client sent; empty if it is no UUIDv7, which then cannot be an id of ours.
   */
  public static Optional<SessionId> parse(String text) {
    if (text.length() != 36) {
      return Optional.empty();
    }
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.version() == VERSION ? Optional.of(new SessionId(uuid)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads the 16 bytes of {@link #toBytes()}. */
  public static SessionId fromBytes(ByteBuffer bytes) {
    return new SessionId(new UUID(bytes.getLong(), bytes.getLong()));
  }

  /** The id in 16 bytes, big endian. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** When the session was opened: Unix milliseconds of the shared clock. */
  public long openedAtMillis() {
    return uuid.getMostSignificantBits() >>> 16;
  }

  @Override
  public int compareTo(SessionId other) {
    int high =
        Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
