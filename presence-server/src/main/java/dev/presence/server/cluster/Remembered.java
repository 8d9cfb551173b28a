package dev.presence.server.cluster;

import dev.presence.server.cluster.Witnesses.Testimony;
import dev.presence.server.loop.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of which the history tells a newborn one, though the store may not: an emptied store
 * knows nothing of a server that is cut off from it. Each is told that we are here, so that it can
 * ask us, and find out that others reach the store. One that answers and does not reach it is
 * unheard until the store knows it again. Belongs to the cluster's loop.
 */
final class Remembered {

  private static final Logger log = LoggerFactory.getLogger(Remembered.class);

  /** Each is asked so often, while it is out. */
  private static final long ROUND_MILLIS = 1_000;

  /** A server that has stood still for a moment is not dead. */
  private static final int SILENCES = 3;

  private static final long NOT_YET = -1;

  private final EventLoop loop;
  private final String self;
  private final Membership membership;
  private final Witnesses witnesses;
  private final BooleanSupplier reachesStore;
  private final long movedMillis;
  private final Consumer<String> onOut;

  /** Those that have not had the time to answer for the first time. */
  private final Set<String> awaited = new HashSet<>();

  private boolean recalling;

  /** Since when those that ask us hear that the store can be reached. */
  private long reachedMillis = NOT_YET;

  /**
   * Nobody remembered yet.
   *
   * @param self this server's own address: it may have been another server's before
   * @param reachesStore what others are told who ask us
   * @param movedMillis how long one that knows that others reach the store takes to move its
   *     clients
   * @param onOut told again and again of the address of one that does not reach the store, and of
   *     which the store knows nothing
   */
  Remembered(
      EventLoop loop,
      String self,
      Membership membership,
      Witnesses witnesses,
      BooleanSupplier reachesStore,
      long movedMillis,
      Consumer<String> onOut) {
    this.loop = loop;
    this.self = self;
    this.membership = membership;
    this.witnesses = witnesses;
    this.reachesStore = reachesStore;
    this.movedMillis = movedMillis;
    this.onOut = onOut;
  }

  /** Whether some have not had the time to answer for the first time. */
  boolean isAsking() {
    return recalling || !awaited.isEmpty();
  }

  /** Makes this server known to those that the history tells of. */
  void recall(CompletionStage<List<String>> addresses) {
    recalling = true;
    var _ =
        addresses.whenCompleteAsync(
            (known, failure) -> {
              recalling = false;
              if (failure == null) {
                awaited.addAll(known);
                awaited.remove(self);
                List.copyOf(awaited).forEach(address -> ask(address, 0));
              } else {
                log.atWarn()
                    .setCause(failure)
                    .log("the history does not tell which servers there may be");
              }
            },
            loop);
  }

  /**
   * Asks one of them.
   *
   * @param silences how often it has not answered, in a row
   */
  private void ask(String address, int silences) {
    var _ =
        witnesses
            .reachesStore(address, false)
            .thenAcceptAsync(said -> heard(address, said, silences), loop);
  }

  private void heard(String address, Testimony said, int silences) {
    awaited.remove(address);
    boolean out = said == Testimony.AWAY && !membership.tellsOf(address);
    if (out) {
      onOut.accept(address);
    }
    int silent = said == Testimony.SILENT ? silences + 1 : 0;
    boolean perhaps = said == Testimony.SILENT && silent < SILENCES;
    if ((out || perhaps) && !isOver()) {
      loop.schedule(ROUND_MILLIS, () -> ask(address, silent));
    }
  }

  /** Whether all have had the time to move their clients since they can know that they are out. */
  private boolean isOver() {
    if (reachedMillis == NOT_YET && reachesStore.getAsBoolean()) {
      reachedMillis = loop.nowMillis();
    }
    return reachedMillis != NOT_YET && loop.nowMillis() - reachedMillis > movedMillis;
  }
}
