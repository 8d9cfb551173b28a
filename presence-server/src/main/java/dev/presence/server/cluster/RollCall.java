package dev.presence.server.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who asks whether there are nodes that we have not heard of waits for a renewal that is sent after
 * the question: its answer names all nodes, a newborn one too, and says which are behind. Belongs
 * to the cluster's loop.
 */
final class RollCall {

  private final Runnable renew;
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private @Nullable CompletableFuture<Void> underWay;
  private boolean asked;

  /**
   * A roll call by renewals.
   *
   * @param renew sends one and says {@link #sent}, or says {@link #failed}; while one is under way
   *     it does nothing
   */
  RollCall(Runnable renew) {
    this.renew = renew;
  }

  /** Completes when what all nodes say of themselves, asked for from now on, is taken in. */
  CompletionStage<Void> ask() {
    asked = true;
    CompletableFuture<Void> answer = next;
    renew.run();
    return answer;
  }

  /** A renewal has left. */
  void sent() {
    underWay = next;
    next = new CompletableFuture<>();
    asked = false;
  }

  /** Its answer is taken in. */
  void takenIn() {
    CompletableFuture<Void> done = underWay;
    underWay = null;
    if (done != null) {
      done.complete(null);
    }
    if (asked) {
      renew.run();
    }
  }

  /** There was no answer, or none can be asked for now. */
  void failed(String why) {
    CompletableFuture<Void> done = underWay == null ? next : underWay;
    if (underWay == null) {
      next = new CompletableFuture<>();
      asked = false;
    }
    underWay = null;
    done.completeExceptionally(new IllegalStateException(why));
    if (asked) {
      renew.run();
    }
  }
}
