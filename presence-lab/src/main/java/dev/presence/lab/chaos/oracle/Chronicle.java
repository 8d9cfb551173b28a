package dev.presence.lab.chaos.oracle;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What clients wrote down of those of whom something is wrong, to look into it. */
public final class Chronicle {

  private final Evidence evidence;
  private final Set<Line> lines = new TreeSet<>();

  private record Line(long atMicros, String text) implements Comparable<Line> {
    @Override
    public int compareTo(Line other) {
      int byTime = Long.compare(atMicros, other.atMicros);
      return byTime == 0 ? text.compareTo(other.text) : byTime;
    }
  }

  private Chronicle(Evidence evidence, Set<String> users) {
    this.evidence = evidence;
    for (Trouble trouble : evidence.troubles()) {
      lines.add(new Line(trouble.fromMicros(), trouble.name() + " begins"));
      lines.add(new Line(trouble.healedMicros(), trouble.name() + " is over"));
    }
    int number = 0;
    for (ClientLog log : evidence.logs()) {
      number++;
      String name = evidence.users().get(log.user());
      String client = "%s (%s client %d)".formatted(name, log.web() ? "web" : "java", number);
      for (Entry entry : log.entries()) {
        add(client, users.contains(name), users, entry);
      }
    }
  }

  private void add(String client, boolean theirs, Set<String> users, Entry entry) {
    boolean told = entry.deed() == Deed.TOLD;
    if (told && users.contains(evidence.users().get(entry.contact()))) {
      lines.add(
          new Line(
              entry.atMicros(),
              "%s is told that %s is %s, last seen %s"
                  .formatted(
                      client,
                      evidence.users().get(entry.contact()),
                      entry.seen(),
                      entry.lastSeenMillis() == 0
                          ? "not told"
                          : "%.3f s"
                              .formatted(
                                  (entry.lastSeenMillis() - evidence.originWallMillis()) / 1e3))));
    } else if (!told && theirs) {
      lines.add(
          new Line(
              entry.atMicros(),
              "%s: %s %s %s".formatted(client, entry.deed(), entry.session(), entry.text())));
    }
  }

  /** The lines about users of whom something was found, in order of time. */
  public static List<String> of(Evidence evidence, List<Finding> findings, int mostUsers) {
    Set<String> users =
        findings.stream()
            .map(Finding::user)
            .distinct()
            .limit(mostUsers)
            .collect(Collectors.toSet());
    return new Chronicle(evidence, users)
        .lines.stream()
            .map(line -> "%10.3f s  %s".formatted(line.atMicros / 1e6, line.text))
            .toList();
  }
}
