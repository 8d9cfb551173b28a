package dev.presence.lab.replay.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who knows whom; of a chat log, any two people of whom one wrote to the other. Mutual, and nobody
 * knows oneself.
 */
public final class Contacts {

  private final int[][] of;
  private final int pairs;

  private Contacts(int[][] of, int pairs) {
    this.of = of;
    this.pairs = pairs;
  }

  static Contacts of(ChatLog log) {
    return of(
        log.users().size(),
        log.messages().stream().map(message -> new Pair(message.from(), message.to())).toList());
  }

  /**
   * Two people who know each other.
   *
   * @param one by index
   * @param other by index
   */
  public record Pair(int one, int other) {}

  /** So many people, and who of them know each other; twice or oneself does not count. */
  public static Contacts of(int users, List<Pair> pairs) {
    Set<Long> seen = new HashSet<>();
    List<List<Integer>> lists = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      lists.add(new ArrayList<>());
    }
    for (Pair pair : pairs) {
      int low = Math.min(pair.one, pair.other);
      int high = Math.max(pair.one, pair.other);
      if (low != high && seen.add((long) low * users + high)) {
        lists.get(low).add(high);
        lists.get(high).add(low);
      }
    }
    int[][] of =
        lists.stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).sorted().toArray())
            .toArray(int[][]::new);
    return new Contacts(of, seen.size());
  }

  /** How many people there are. */
  public int users() {
    return of.length;
  }

  /** How many pairs know each other. */
  public int pairs() {
    return pairs;
  }

  /** How many contacts a user has. */
  public int count(int user) {
    return of[user].length;
  }

  /** A user's contact: the one at {@code position} in the order of their indexes. */
  public int contact(int user, int position) {
    return of[user][position];
  }

  /** The inverse of {@link #contact}; negative if they do not know each other. */
  public int position(int user, int contact) {
    return Arrays.binarySearch(of[user], contact);
  }
}
