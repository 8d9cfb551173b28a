package dev.presence.lab.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds promises that nothing holds. Each complaint names the promise, and what is missing. */
final class PromiseCheck {

  /** Which test plays the simulation, and with it checks all invariants. */
  private static final Proof.Method PLAYED =
      new Proof.Method("SimulationTest", "shouldHoldForTheFixedSeeds");

  private PromiseCheck() {}

  /** Promises without a test, or with one that does not exist. */
  static List<String> unheld(List<Promise> promises, TestSources sources) {
    List<String> complaints = new ArrayList<>();
    for (Promise promise : promises) {
      if (promise.proofs().isEmpty()) {
        complaints.add(promise + " names no test");
      }
    }
    complaints.addAll(complaints(promises, sources::missing));
    return complaints;
  }

  /**
   * Promises whose tests did not pass in a build. Those of the web are run, and fail, elsewhere.
   */
  static List<String> unproven(List<Promise> promises, TestReports reports) {
    return complaints(
        promises,
        proof ->
            switch (proof) {
              case Proof.Method method -> reports.wrong(method);
              case Proof.Invariant _ -> reports.wrong(PLAYED);
              case Proof.Web _ -> null;
            });
  }

  private static List<String> complaints(
      List<Promise> promises, Function<Proof, @Nullable String> wrong) {
    List<String> complaints = new ArrayList<>();
    for (Promise promise : promises) {
      for (Proof proof : promise.proofs()) {
        String what = wrong.apply(proof);
        if (what != null) {
          complaints.add(promise + ": " + proof + ": " + what);
        }
      }
    }
    return complaints;
  }
}
