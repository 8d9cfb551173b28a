package dev.presence.server.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where other nodes can be reached past the store: their internal ports.
 *
 * @param live of nodes that are live
 * @param others of nodes that may be cut off as we are
 */
record Addresses(List<String> live, List<String> others) {

  /** With some more of whom it is not known whether they are live. */
  Addresses and(Collection<String> more) {
    Set<String> all = new TreeSet<>(others);
    all.addAll(more);
    live.forEach(all::remove);
    return new Addresses(live, List.copyOf(all));
  }
}
