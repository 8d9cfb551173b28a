package dev.presence.server.cluster;

import dev.presence.server.model.Limits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Servers that have spoken to this one past the store. One that starts while we are cut off stands
 * in no answer of the store that we ever had; since it has introduced itself, it can be asked
 * whether it reaches the store. Belongs to the cluster's loop.
 */
final class Acquaintances {

  private final Set<String> addresses = new LinkedHashSet<>();

  /** A server has spoken to us. True if it had not before. */
  boolean met(String address) {
    boolean known = addresses.remove(address); // the newest stand last
    addresses.add(address);
    if (addresses.size() > Limits.ACQUAINTANCES) {
      addresses.remove(addresses.iterator().next());
    }
    return !known;
  }

  List<String> all() {
    return List.copyOf(addresses);
  }
}
