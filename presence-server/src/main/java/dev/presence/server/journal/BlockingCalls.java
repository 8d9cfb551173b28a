package dev.presence.server.journal;

import dev.presence.server.loop.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes calls that block on an executor, and brings their ends back to the loop. */
record BlockingCalls(EventLoop loop, Executor executor) {

  /**
   * Runs {@code call} on the executor, and then one of the others on the loop.
   *
   * @param done told what the call returned
   * @param failed told what it threw
   */
  <T> void run(Supplier<T> call, Consumer<T> done, Consumer<Throwable> failed) {
    var _ =
        CompletableFuture.supplyAsync(call, executor)
            .whenCompleteAsync(
                (value, failure) -> {
                  if (failure == null) {
                    done.accept(value);
                  } else {
                    failed.accept(cause(failure));
                  }
                },
                loop);
  }

  /** As {@link #run(Supplier, Consumer, Consumer)}, for a call that returns nothing. */
  void run(Runnable call, Runnable done, Consumer<Throwable> failed) {
    run(
        () -> {
          call.run();
          return true;
        },
        _ -> done.run(),
        failed);
  }

  /** What a call returns, or throws; whoever waits for it need not be on the loop. */
  <T> CompletionStage<T> ask(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, executor);
  }

  private static Throwable cause(Throwable failure) {
    @Nullable Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
