package dev.presence.lab.chaos.crowd;

import dev.presence.lab.replay.plan.Contacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The people of a run, and who of them are friends.
 *
 * @param ids by index
 * @param indexes the inverse
 * @param contacts by index
 */
public record Circle(List<String> ids, Map<String, Integer> indexes, Contacts contacts) {

  /** The first so many people of the friend graph. */
  public static Circle of(int people) {
    List<String> ids = IntStream.range(0, people).mapToObj(i -> "friend-" + i).toList();
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < people; i++) {
      indexes.put(ids.get(i), i);
    }
    return new Circle(ids, Map.copyOf(indexes), FriendGraph.of(people));
  }

  List<Integer> everybody() {
    return IntStream.range(0, ids.size()).boxed().toList();
  }
}
