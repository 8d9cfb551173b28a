package dev.presence.server.postgres;

import static dev.presence.server.postgres.schema.Tables.CONTACTS;
import static dev.presence.server.postgres.schema.Tables.USERS;

import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import dev.presence.server.postgres.schema.tables.Contacts;
import dev.presence.server.postgres.schema.tables.Users;
import dev.presence.server.roster.RosterSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Cursor;
import org.jooq.Field;
import org.jooq.Record6;
import org.jooq.ResultQuery;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Reads users and contacts from PostgreSQL, however many in one query. Thread-safe. */
public final class PostgresRosterSource implements RosterSource {

  /** Rosters can be large: they are fetched in parts, and never held twice. */
  private static final int ROWS_AT_A_TIME = 5_000;

  private static final Users OWNER = USERS.as("owner");
  private static final Users CONTACT = USERS.as("contact");
  private static final Contacts LISTED = CONTACTS.as("listed");
  private static final Contacts BACK = CONTACTS.as("back");

  private final PostgresPool pool;

  /** A source that reads through {@code pool}. */
  public PostgresRosterSource(PostgresPool pool) {
    this.pool = pool;
  }

  @Override
  public Map<UserId, StoredRoster> rosters(Collection<UserId> users) {
    return pool.transaction(
        jooq -> {
          var query =
              jooq.select(
                      OWNER.ID,
                      OWNER.AVAILABILITY,
                      OWNER.AVAILABILITY_AT,
                      CONTACT.ID,
                      CONTACT.NAME,
                      BACK.OWNER_ID)
                  .from(OWNER)
                  .leftJoin(LISTED)
                  .on(LISTED.OWNER_ID.eq(OWNER.ID))
                  .leftJoin(CONTACT)
                  .on(CONTACT.ID.eq(LISTED.CONTACT_ID))
                  .leftJoin(BACK)
                  .on(BACK.OWNER_ID.eq(LISTED.CONTACT_ID), BACK.CONTACT_ID.eq(LISTED.OWNER_ID))
                  .where(isAmong(OWNER.ID, users))
                  // As Java compares ids, whatever the language of the database.
                  .orderBy(OWNER.ID.collate("C"), CONTACT.ID.collate("C"));
          return read(query);
        });
  }

  private static Map<UserId, StoredRoster> read(
      ResultQuery<Record6<String, String, Instant, String, String, String>> query) {
    Map<UserId, StoredRoster> rosters = new LinkedHashMap<>();
    // A contact of many is one object.
    Map<String, StoredContact> mutual = new HashMap<>();
    Map<String, StoredContact> oneSided = new HashMap<>();
    try (Cursor<Record6<String, String, Instant, String, String, String>> rows =
        query.fetchSize(ROWS_AT_A_TIME).fetchLazy()) {
      for (var row : rows) {
        StoredRoster roster =
            rosters.computeIfAbsent(
                new UserId(row.value1()),
                _ -> new StoredRoster(wish(row.value2(), row.value3()), new ArrayList<>()));
        if (row.value4() != null) {
          boolean isMutual = row.value6() != null;
          roster
              .contacts()
              .add(
                  (isMutual ? mutual : oneSided)
                      .computeIfAbsent(
                          row.value4(),
                          id -> new StoredContact(new UserId(id), row.value5(), isMutual)));
        }
      }
    }
    return rosters;
  }

  private static Wish wish(String availability, Instant at) {
    return new Wish(Availability.valueOf(availability), at.toEpochMilli());
  }

  @Override
  public Map<UserId, StoredUser> users(Collection<UserId> users) {
    Map<UserId, StoredUser> found = new LinkedHashMap<>();
    pool.jooq()
        .select(USERS.ID, USERS.NAME, USERS.LAST_SEEN_AT, USERS.AVAILABILITY, USERS.AVAILABILITY_AT)
        .from(USERS)
        .where(isAmong(USERS.ID, users))
        .orderBy(USERS.ID.collate("C"))
        .forEach(
            row ->
                found.put(
                    new UserId(row.value1()),
                    new StoredUser(
                        row.value2(), millis(row.value3()), wish(row.value4(), row.value5()))));
    return found;
  }

  @Override
  public List<ListedUser> directory(String afterName, String afterId, int limit) {
    Field<String> name = USERS.NAME.collate("C");
    Field<String> id = USERS.ID.collate("C");
    return pool.jooq()
        .select(USERS.ID, USERS.NAME)
        .from(USERS)
        .where(DSL.row(name, id).gt(afterName, afterId))
        .orderBy(name, id)
        .limit(limit)
        .fetch(row -> new ListedUser(new UserId(row.value1()), row.value2()));
  }

  private static long millis(@Nullable Instant seen) {
    return seen == null ? 0 : seen.toEpochMilli();
  }

  /** One array for all, so that PostgreSQL plans the query once, however many they are. */
  private static Condition isAmong(TableField<?, String> id, Collection<UserId> users) {
    return id.eq(DSL.any(users.stream().map(UserId::value).toArray(String[]::new)));
  }
}
