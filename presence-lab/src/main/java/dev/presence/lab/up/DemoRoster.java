package dev.presence.lab.up;

import dev.presence.lab.store.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * People to try things with, who may all see some of each other, and a crowd that a machine plays.
 */
final class DemoRoster {

  /** Those whose tokens are at hand. Alice and Bob are friends; nobody has ever seen Zoe. */
  static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave", "erin", "zoe");

  private static final List<String> FIRST =
      List.of(
          "Ada", "Ben", "Cleo", "Dario", "Esra", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kira",
          "Liam", "Mina", "Noah", "Olga", "Paul", "Rosa", "Sami", "Tara", "Yann");

  private static final List<String> LAST = List.of("Berg", "Costa", "Novak");
  private static final int FRIENDS_OF_PEOPLE = 14;
  private static final int FRIENDS_OF_CROWD = 6;
  private static final long SEED = 2026;

  private final List<String> crowd = new ArrayList<>();
  private final List<String> ids = new ArrayList<>(PEOPLE);
  private final List<String> names = new ArrayList<>();
  private final Set<List<String>> pairs = new LinkedPairs();

  /** Pairs of people, each once. */
  private static final class LinkedPairs extends java.util.LinkedHashSet<List<String>> {
    private static final long serialVersionUID = 1;
  }

  DemoRoster() {
    names.addAll(people().values());
    for (String last : LAST) {
      for (String first : FIRST) {
        String id = (first + "." + last).toLowerCase(java.util.Locale.ROOT);
        crowd.add(id);
        ids.add(id);
        names.add(first + " " + last);
      }
    }
    befriend();
  }

  /** The names of those people, by their ids. */
  static Map<String, String> people() {
    Map<String, String> people = new LinkedHashMap<>();
    for (String person : PEOPLE) {
      people.put(person, Character.toUpperCase(person.charAt(0)) + person.substring(1));
    }
    return people;
  }

  private void befriend() {
    Random random = new Random(SEED);
    for (String one : PEOPLE) {
      for (String other : PEOPLE) {
        pair(one, other);
      }
      for (int i = 0; i < FRIENDS_OF_PEOPLE; i++) {
        pair(one, crowd.get(random.nextInt(crowd.size())));
      }
    }
    for (String one : crowd) {
      for (int i = 0; i < FRIENDS_OF_CROWD / 2; i++) {
        pair(one, crowd.get(random.nextInt(crowd.size())));
      }
    }
  }

  private void pair(String one, String other) {
    if (!one.equals(other)) {
      pairs.add(List.copyOf(new TreeSet<>(List.of(one, other))));
    }
  }

  /** Those whom a machine plays. */
  List<String> crowd() {
    return crowd;
  }

  /** Stores everybody; who is stored already stays as they are. */
  void store(LocalPostgres postgres) throws SQLException {
    List<String> owners = new ArrayList<>();
    List<String> contacts = new ArrayList<>();
    for (List<String> pair : pairs) {
      owners.addAll(pair);
      contacts.addAll(List.of(pair.get(1), pair.get(0)));
    }
    try (Connection connection = postgres.connect()) {
      insert(
          connection,
          "insert into users (id, name) select * from unnest(?, ?) on conflict do nothing",
          ids,
          names);
      insert(
          connection,
          "insert into contacts (owner_id, contact_id) select * from unnest(?, ?) on conflict do"
              + " nothing",
          owners,
          contacts);
    }
  }

  private static void insert(
      Connection connection, String sql, List<String> first, List<String> second)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", first.toArray()));
      statement.setArray(2, connection.createArrayOf("text", second.toArray()));
      statement.executeUpdate();
    }
  }
}
