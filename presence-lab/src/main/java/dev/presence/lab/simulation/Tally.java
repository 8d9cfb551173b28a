package dev.presence.lab.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often each kind of fault happened, and how often each rule was exercised. */
final class Tally {

  private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
  private final Map<Rule, Long> rules = new EnumMap<>(Rule.class);

  void fault(FaultKind kind) {
    faults.merge(kind, 1L, Long::sum);
  }

  void rule(Rule rule) {
    rules.merge(rule, 1L, Long::sum);
  }

  void rule(Rule rule, long times) {
    if (times > 0) {
      rules.merge(rule, times, Long::sum);
    }
  }

  void add(Tally other) {
    other.faults.forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    other.rules.forEach((rule, count) -> rules.merge(rule, count, Long::sum));
  }

  long count(FaultKind kind) {
    return faults.getOrDefault(kind, 0L);
  }

  long count(Rule rule) {
    return rules.getOrDefault(rule, 0L);
  }

  /** How many faults of how many kinds. */
  long faults() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  int faultKinds() {
    return faults.size();
  }
}
