package dev.presence.lab.chaos.oracle;

import dev.presence.lab.chaos.oracle.Finding.Kind;
import java.util.List;
import java.util.Map;

/**
 * What the judge found.
 *
 * @param findings all that is wrong, in order of time
 * @param convergedMicros by the name of each fault: how long after it was over the last view was
 *     wrong
 * @param offlineMicros by the name of each fault: how long after its begin those were told offline
 *     who left in it for ever, at the latest
 * @param wrongAtEnd how many views were wrong in the end
 */
public record Verdict(
    List<Finding> findings,
    Map<String, Long> convergedMicros,
    Map<String, Long> offlineMicros,
    long wrongAtEnd) {

  /** How many findings of a kind there are. */
  public long count(Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }
}
