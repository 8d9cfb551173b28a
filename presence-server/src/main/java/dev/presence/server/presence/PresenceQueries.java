package dev.presence.server.presence;

import dev.presence.server.cluster.Cluster;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.UserId;
import dev.presence.server.roster.RosterSource.StoredUser;
import dev.presence.server.roster.Rosters;
import dev.presence.server.roster.Viewer;
import dev.presence.server.roster.Visibility;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about users: from the replica's memory, with names and stored last seen from
 * the roster source. Thread-safe.
 */
public final class PresenceQueries {

  private final Lanes lanes;
  private final Rosters rosters;
  private final Cluster cluster;

  /** Answers from these. */
  public PresenceQueries(Lanes lanes, Rosters rosters, Cluster cluster) {
    this.lanes = lanes;
    this.rosters = rosters;
    this.cluster = cluster;
  }

  /** What there is to say of one user. */
  public sealed interface Lookup {
    /** The user's presence, as the viewer may see it. */
    record Found(Presence presence) implements Lookup {}

    /** There is no such user; said only to viewers who see all. */
    record NotFound(UserId user) implements Lookup {}
  }

  /** One visible contact. */
  public record ListedContact(String name, Presence presence) {

    /** Online first by name, then offline by last seen, newest first; those never seen last. */
    public static final Comparator<ListedContact> ORDER =
        Comparator.comparing((ListedContact contact) -> contact.isOffline())
            .thenComparingLong(contact -> -contact.presence.lastSeenMillis())
            .thenComparing(ListedContact::name)
            .thenComparing(contact -> contact.presence.user());

    private boolean isOffline() {
      return presence.state() == PresenceState.OFFLINE;
    }
  }

  /**
   * How far the answers can be trusted.
   *
   * @param asOfMillis until when this server's knowledge was complete; meaningful while stale
   */
  public record Freshness(boolean stale, long asOfMillis) {}

  /**
   * Looks users up, one answer each, in the order of the question. Does not block; never fails for
   * want of a roster or database: what cannot be told is UNKNOWN.
   */
  public CompletionStage<List<Lookup>> lookUp(Viewer viewer, List<UserId> users) {
    return viewer.seesAll() ? lookUpAny(users) : lookUpContacts(viewer, users);
  }

  private CompletionStage<List<Lookup>> lookUpAny(List<UserId> users) {
    return storedSoon(offline(users))
        .thenApply(
            stored -> {
              List<Lookup> answers = new ArrayList<>(users.size());
              for (UserId user : users) {
                Presence told = lanes.told(user);
                if (told.state() != PresenceState.OFFLINE) {
                  answers.add(new Lookup.Found(told));
                } else if (stored == null) {
                  answers.add(new Lookup.Found(unknown(user)));
                } else if (stored.containsKey(user)) {
                  answers.add(new Lookup.Found(withStored(told, stored)));
                } else {
                  answers.add(new Lookup.NotFound(user));
                }
              }
              return answers;
            });
  }

  private CompletionStage<List<Lookup>> lookUpContacts(Viewer viewer, List<UserId> users) {
    return rosters
        .rosterSoon(viewer.user())
        .handle((roster, failure) -> failure == null ? roster : null)
        .thenCompose(
            roster -> {
              Set<UserId> visible = new LinkedHashSet<>();
              for (UserId user : users) {
                if (Visibility.maySee(viewer, user, roster != null && roster.sees(user))) {
                  visible.add(user);
                }
              }
              return storedSoon(offline(visible))
                  .thenApply(stored -> answers(users, visible, stored, roster == null));
            });
  }

  private List<Lookup> answers(
      List<UserId> users,
      Set<UserId> visible,
      @Nullable Map<UserId, StoredUser> stored,
      boolean rosterUnknown) {
    List<Lookup> answers = new ArrayList<>(users.size());
    for (UserId user : users) {
      Presence answer;
      if (visible.contains(user)) {
        answer = withStored(lanes.told(user), stored == null ? Map.of() : stored);
      } else {
        answer = rosterUnknown ? unknown(user) : Presence.offline(user);
      }
      answers.add(new Lookup.Found(answer));
    }
    return answers;
  }

  /**
   * All visible contacts of {@code owner}: online first by name, then offline by last seen, newest
   * first, never seen last, then by name. Does not block. Fails with {@link
   * dev.presence.server.roster.RosterUnavailableException}.
   */
  public CompletionStage<List<ListedContact>> contacts(UserId owner) {
    return rosters
        .roster(owner)
        .thenCompose(
            roster ->
                stored(offline(roster.contacts()))
                    .thenApply(
                        stored -> {
                          Map<UserId, StoredUser> known = stored == null ? Map.of() : stored;
                          List<ListedContact> listed = new ArrayList<>();
                          for (int i = 0; i < roster.size(); i++) {
                            Presence told = lanes.told(roster.contact(i));
                            listed.add(new ListedContact(roster.name(i), withStored(told, known)));
                          }
                          listed.sort(ListedContact.ORDER);
                          return listed;
                        }));
  }

  /**
   * The first place in the order of contacts that comes after {@code last}, who need not be among
   * them any more.
   */
  public static int behind(ListedContact last, List<ListedContact> all) {
    int from = 0;
    while (from < all.size() && ListedContact.ORDER.compare(all.get(from), last) <= 0) {
      from++;
    }
    return from;
  }

  /** How users who are known to exist stand, without a question of who may see them. */
  CompletionStage<Map<UserId, Presence>> known(List<UserId> users) {
    return stored(offline(users))
        .thenApply(
            stored -> {
              Map<UserId, StoredUser> found = stored == null ? Map.of() : stored;
              Map<UserId, Presence> known = new LinkedHashMap<>();
              users.forEach(user -> known.put(user, withStored(lanes.told(user), found)));
              return known;
            });
  }

  private List<UserId> offline(Collection<UserId> users) {
    List<UserId> offline = new ArrayList<>();
    for (UserId user : users) {
      if (lanes.isOffline(user)) {
        offline.add(user);
      }
    }
    return offline;
  }

  /** What is stored of these users; null if it cannot be had. */
  private CompletableFuture<@Nullable Map<UserId, StoredUser>> stored(List<UserId> users) {
    return stored(users, rosters::users);
  }

  /** The same; null if it cannot be had soon. Somebody waits, who can ask again. */
  private CompletableFuture<@Nullable Map<UserId, StoredUser>> storedSoon(List<UserId> users) {
    return stored(users, rosters::usersSoon);
  }

  private static CompletableFuture<@Nullable Map<UserId, StoredUser>> stored(
      List<UserId> users,
      Function<Collection<UserId>, CompletableFuture<Map<UserId, StoredUser>>> source) {
    if (users.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return source.apply(users).handle((stored, failure) -> failure == null ? stored : null);
  }

  private static Presence withStored(Presence told, Map<UserId, StoredUser> stored) {
    StoredUser user = stored.get(told.user());
    if (told.state() != PresenceState.OFFLINE || user == null) {
      return told;
    }
    return new Presence(
        told.user(), told.state(), Math.max(told.lastSeenMillis(), user.lastSeenMillis()));
  }

  private static Presence unknown(UserId user) {
    return new Presence(user, PresenceState.UNKNOWN, 0);
  }

  /** How far the answers can be trusted now. */
  public Freshness freshness() {
    return new Freshness(cluster.stale(), cluster.completeUntilMillis());
  }
}
