package dev.presence.server.journal;

import dev.presence.server.model.Limits;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows and wishes that wait to be written: the newest for each session and each user, in the order
 * in which they first came.
 */
final class RowQueue {

  private static final Comparator<SessionRow> NEWER =
      Comparator.comparingInt(SessionRow::attempt)
          .thenComparingLong(SessionRow::nodeEpoch)
          .thenComparing(SessionRow::closed);

  private final Map<SessionKey, Waiting> rows = new LinkedHashMap<>();
  private final Map<UserId, Wish> wishes = new LinkedHashMap<>();

  /** The newest change set whose rows have been added. */
  private Position latest = Position.NONE;

  /**
   * A row that waits.
   *
   * @param before the last change set before the first one that had something to say of the session
   */
  private record Waiting(SessionRow row, Position before) {}

  /**
   * What is written at once.
   *
   * @param cursor all rows of the change sets up to here are in this batch or in earlier ones
   * @param rows sorted by session, of different sessions
   * @param wishes of different users
   */
  record Batch(Position cursor, List<SessionRow> rows, List<WishRow> wishes) {
    int size() {
      return rows.size() + wishes.size();
    }

    boolean concerns(SessionKey session) {
      return rows.stream()
          .anyMatch(row -> row.session().equals(session.id()) && row.user().equals(session.user()));
    }
  }

  void add(Position position, List<SessionRow> newRows) {
    for (SessionRow row : newRows) {
      rows.merge(
          new SessionKey(row.session(), row.user()), new Waiting(row, latest), RowQueue::fold);
    }
    latest = position;
  }

  private static Waiting fold(Waiting older, Waiting newer) {
    boolean isNewer = NEWER.compare(newer.row, older.row) >= 0;
    return new Waiting(isNewer ? newer.row : older.row, older.before);
  }

  void add(UserId user, Wish wish) {
    wishes.merge(user, wish, Wish::newer);
  }

  int size() {
    return rows.size() + wishes.size();
  }

  /** Whether a row of this session waits. */
  boolean concerns(SessionKey session) {
    return rows.containsKey(session);
  }

  Position latest() {
    return latest;
  }

  /** Takes the oldest rows and wishes out. */
  Batch take() {
    List<SessionRow> taken = new ArrayList<>();
    Set<SessionId> ids = new HashSet<>();
    Iterator<Waiting> oldest = rows.values().iterator();
    while (oldest.hasNext() && taken.size() < Limits.BATCH_ROWS) {
      SessionRow row = oldest.next().row;
      if (!ids.add(row.session())) {
        // Somebody resumed another's session id. One statement cannot change a row twice.
        break;
      }
      taken.add(row);
      oldest.remove();
    }
    taken.sort(Comparator.comparing(SessionRow::session));
    Position cursor = rows.isEmpty() ? latest : rows.values().iterator().next().before;
    return new Batch(cursor, taken, takeWishes());
  }

  private List<WishRow> takeWishes() {
    List<WishRow> taken = new ArrayList<>();
    Iterator<Map.Entry<UserId, Wish>> oldest = wishes.entrySet().iterator();
    while (oldest.hasNext() && taken.size() < Limits.BATCH_ROWS) {
      Map.Entry<UserId, Wish> wish = oldest.next();
      taken.add(new WishRow(wish.getKey(), wish.getValue()));
      oldest.remove();
    }
    return taken;
  }
}
