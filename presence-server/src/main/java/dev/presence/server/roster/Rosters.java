package dev.presence.server.roster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Limits;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.roster.RosterSource.ListedUser;
import dev.presence.server.roster.RosterSource.StoredRoster;
import dev.presence.server.roster.RosterSource.StoredUser;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everybody's contacts, and what is stored of users: loaded many at a time, rosters cached. Does
 * not block; callable from any thread. Answers arrive on the loop, or at once from the cache.
 */
public final class Rosters {

  /** Some 20 MB, and the ids and names. */
  public static final long DEFAULT_CACHED_CONTACTS = 1_000_000;

  /** Contacts change rarely, and nobody waits for it; this is for those who come back soon. */
  public static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(30);

  /** After a failure, those who have a cached roster do not wait for the next one. */
  private static final long TRUST_AFTER_FAILURE_MILLIS = 5_000;

  /**
   * The source stands still if it has given nothing for so long. Less than the patience of those
   * who wait for their turn: they are let in, and live without a roster for a while.
   */
  private static final long STALLED_MILLIS = 750;

  /**
   * A question may take two such times, which is less than the 1.5 s after which the proxy in front
   * asks another server, which waits as long.
   */
  private static final long PATIENCE_MILLIS = 700;

  private final EventLoop loop;
  private final RosterSource source;
  private final Executor executor;
  private final long maxAgeMillis;
  private final int maxAwaited;
  private final Cache<UserId, Cached> cache;
  private final BatchLoader<UserId, Roster> rosterLoader;
  private final BatchLoader<UserId, StoredUser> userLoader;

  /** Users whose rosters have been asked for and are not there yet. */
  private final AtomicInteger awaited = new AtomicInteger();

  /** When rosters came last, or when the first one that is awaited was asked for. */
  private volatile long progressMillis;

  /** When the source is worth waiting for again. */
  private volatile long awayUntilMillis = Long.MIN_VALUE;

  private record Cached(Roster roster, long loadedAtMillis) {}

  /** Loads from {@code source}, which blocks, on {@code executor}; remembers as much as usual. */
  public Rosters(RosterSource source, EventLoop loop, Executor executor) {
    this(source, loop, executor, DEFAULT_CACHED_CONTACTS, DEFAULT_MAX_AGE);
  }

  /** The same, with the usual bound on what is awaited. */
  public Rosters(
      RosterSource source,
      EventLoop loop,
      Executor executor,
      long maxCachedContacts,
      Duration maxAge) {
    this(source, loop, executor, maxCachedContacts, maxAge, Limits.AWAITED_ROSTERS);
  }

  /**
   * Loads from {@code source}, which blocks, on {@code executor}.
   *
   * @param loop for the state
   * @param maxCachedContacts bounds the cache: the contacts of all cached rosters, each roster
   *     counting for one more
   * @param maxAge for how long a roster is used without asking again
   * @param maxAwaited how many rosters are awaited when there is no room for more; nobody is turned
   *     away for that here, see {@link #hasRoom}
   */
  public Rosters(
      RosterSource source,
      EventLoop loop,
      Executor executor,
      long maxCachedContacts,
      Duration maxAge,
      int maxAwaited) {
    this.maxAwaited = maxAwaited;
    this.loop = loop;
    this.source = source;
    this.executor = executor;
    this.maxAgeMillis = maxAge.toMillis();
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maxCachedContacts)
            .weigher((UserId _, Cached cached) -> cached.roster().size() + 1)
            // Upkeep on the caller's thread: no pool of its own, and in a simulation no chance.
            .executor(Runnable::run)
            .build();
    this.rosterLoader = new BatchLoader<>(loop, executor, this::loadRosters);
    this.userLoader = new BatchLoader<>(loop, executor, source::users);
  }

  /**
   * The roster of {@code user}; of one who does not exist an empty one. While the source is away, a
   * cached roster is used past its age. Fails with {@link RosterUnavailableException} where there
   * is none.
   */
  public CompletableFuture<Roster> roster(UserId user) {
    Cached cached = cache.getIfPresent(user);
    long now = loop.nowMillis();
    if (cached != null && (now - cached.loadedAtMillis() < maxAgeMillis || now < awayUntilMillis)) {
      return CompletableFuture.completedFuture(cached.roster());
    }
    if (awaited.getAndIncrement() == 0) {
      progressMillis = now;
    }
    CompletableFuture<Roster> answer = new CompletableFuture<>();
    var _ =
        rosterLoader
            .load(List.of(user))
            .whenComplete((rosters, failure) -> answer(answer, user, rosters, failure));
    return answer;
  }

  private void answer(
      CompletableFuture<Roster> answer,
      UserId user,
      @Nullable Map<UserId, Roster> rosters,
      @Nullable Throwable failure) {
    awaited.decrementAndGet();
    if (rosters != null) {
      progressMillis = loop.nowMillis();
      answer.complete(rosters.getOrDefault(user, Roster.EMPTY));
      return;
    }
    awayUntilMillis = loop.nowMillis() + TRUST_AFTER_FAILURE_MILLIS;
    Cached old = cache.getIfPresent(user);
    if (old != null) {
      answer.complete(old.roster());
    } else {
      answer.completeExceptionally(new RosterUnavailableException(failure));
    }
  }

  /**
   * Whether a roster that is asked for now comes as soon as rosters come: false while so many are
   * awaited already that the next ones had better be asked for later. If none come at all there is
   * nothing to wait for.
   */
  public boolean hasRoom() {
    return awaited.get() < maxAwaited || loop.nowMillis() - progressMillis > STALLED_MILLIS;
  }

  /**
   * The newest stored wish of {@code user}. It is asked for each time, since a cached one would
   * undo a wish made on another server; the cached one is used while the source is away. Fails with
   * {@link RosterUnavailableException} where there is none.
   */
  public CompletableFuture<Wish> wish(UserId user) {
    CompletableFuture<Wish> answer = new CompletableFuture<>();
    var _ =
        userLoader
            .load(List.of(user))
            .whenComplete(
                (users, failure) -> {
                  Cached cached = cache.getIfPresent(user);
                  if (users != null) {
                    StoredUser stored = users.get(user);
                    answer.complete(stored == null ? Wish.NONE : stored.wish());
                  } else if (cached != null) {
                    answer.complete(cached.roster().wish());
                  } else {
                    answer.completeExceptionally(new RosterUnavailableException(failure));
                  }
                });
    return answer;
  }

  private Map<UserId, Roster> loadRosters(Collection<UserId> users) {
    long loadedAtMillis = loop.nowMillis();
    Map<UserId, StoredRoster> stored = source.rosters(users);
    Map<UserId, Roster> rosters = new LinkedHashMap<>();
    for (UserId user : users) {
      StoredRoster found = stored.get(user);
      Roster roster = found == null ? Roster.EMPTY : Roster.of(user, found);
      rosters.put(user, roster);
      cache.put(user, new Cached(roster, loadedAtMillis));
    }
    return rosters;
  }

  /**
   * What is stored of {@code users}; who does not exist is missing. Never cached, since a last seen
   * changes. Fails with what the source threw.
   */
  public CompletableFuture<Map<UserId, StoredUser>> users(Collection<UserId> users) {
    return userLoader.load(users);
  }

  /**
   * The same for somebody who waits for the answer to a question: fails after 0.7 s, since a source
   * that is away may take many times as long to say so as callers wait.
   */
  public CompletableFuture<Map<UserId, StoredUser>> usersSoon(Collection<UserId> users) {
    return soon(users(users));
  }

  /** As {@link #roster}, but fails after 0.7 s. */
  public CompletableFuture<Roster> rosterSoon(UserId user) {
    return soon(roster(user));
  }

  private <T> CompletableFuture<T> soon(CompletableFuture<T> awaited) {
    if (awaited.isDone()) {
      return awaited;
    }
    CompletableFuture<T> answer = awaited.copy(); // others may wait for it longer
    EventLoop.Timer patience =
        loop.schedule(
            PATIENCE_MILLIS,
            () -> answer.completeExceptionally(new RosterUnavailableException(null)));
    var _ = answer.whenComplete((_, _) -> patience.cancel());
    return answer;
  }

  /**
   * A part of the directory, see {@link RosterSource#directory}. Fails with {@link
   * RosterUnavailableException}.
   */
  public CompletableFuture<List<ListedUser>> directory(
      String afterName, String afterId, int limit) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return source.directory(afterName, afterId, limit);
          } catch (RuntimeException e) {
            throw new RosterUnavailableException(e);
          }
        },
        executor);
  }

  /**
   * Forgets what is cached of {@code user}: the contacts have changed. (For changes that travel in
   * change sets; nobody calls it yet.)
   */
  public void invalidate(UserId user) {
    cache.invalidate(user);
  }
}
