package dev.presence.server.session;

import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.presence.Lanes;
import dev.presence.server.presence.Outbox;
import dev.presence.server.roster.RosterSource.StoredUser;
import dev.presence.server.roster.Rosters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Fills the snapshot of a new stream: registers interest in the visible contacts, which puts in
 * those who are not offline; then the stored last seen of the others, so that the database never
 * delays the online list. Thread-safe.
 */
public final class SnapshotFeeder {

  private final Rosters rosters;
  private final Lanes lanes;
  private final SnapshotGate gate;

  /**
   * Feeds from these.
   *
   * @param whenCaughtUp runs what it is given, on any thread, once all that had happened anywhere
   *     by now has been handed to the lanes
   */
  public SnapshotFeeder(Rosters rosters, Lanes lanes, Consumer<Runnable> whenCaughtUp) {
    this.rosters = rosters;
    this.lanes = lanes;
    gate = new SnapshotGate(then -> whenCaughtUp.accept(() -> lanes.whenApplied(then)));
  }

  /** Whether one more roster can be had soon, see {@link Rosters#hasRoom}. */
  boolean hasRoom() {
    return rosters.hasRoom();
  }

  /** The stream is gone. */
  void forget(Outbox outbox) {
    gate.leave(outbox);
    lanes.unwatch(outbox);
  }

  /** The stored wish of a user. Fails if it cannot be had now. */
  CompletableFuture<Wish> wish(UserId user) {
    return rosters.wish(user);
  }

  /**
   * Begins to fill. The stage completes when the online list is in; it fails if the roster cannot
   * be had now, and may then be tried again.
   *
   * @param comesBack the client may know somebody to be online who is not listed
   */
  CompletableFuture<Void> feed(UserId user, Outbox outbox, boolean comesBack) {
    return rosters
        .roster(user)
        .thenCompose(
            roster -> {
              List<UserId> contacts = roster.contacts();
              CompletableFuture<Void> listed = new CompletableFuture<>();
              Runnable end =
                  () -> {
                    outbox.snapshotListed();
                    outbox.flush();
                    listed.complete(null);
                  };
              lanes.watch(
                  outbox,
                  contacts,
                  () -> {
                    outbox.flush();
                    if (comesBack) {
                      gate.pass(outbox, end);
                    } else {
                      end.run();
                    }
                  });
              return listed.thenCompose(done -> feedLastSeen(contacts, outbox));
            });
  }

  private CompletableFuture<Void> feedLastSeen(List<UserId> contacts, Outbox outbox) {
    List<UserId> offline = new ArrayList<>();
    for (UserId contact : contacts) {
      if (lanes.isOffline(contact)) {
        offline.add(contact);
      }
    }
    CompletableFuture<Void> listed = new CompletableFuture<>();
    // The roster was there a moment ago; if the database is not, the times that we remember must
    // do.
    var _ =
        rosters
            .users(offline)
            .exceptionally(failure -> Map.<UserId, StoredUser>of())
            .thenAccept(
                stored -> {
                  Map<UserId, Long> lastSeen = new LinkedHashMap<>();
                  for (UserId contact : offline) {
                    StoredUser user = stored.get(contact);
                    lastSeen.put(contact, user == null ? 0 : user.lastSeenMillis());
                  }
                  lanes.lastSeen(
                      outbox,
                      lastSeen,
                      () -> {
                        outbox.lastSeenListed();
                        outbox.flush();
                        listed.complete(null);
                      });
                });
    return listed;
  }
}
