package dev.presence.lab.replay.stage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who is connected now. Thread-safe. */
final class Attendance {

  private final int[] sessionsOf;
  private final Set<Player> players = new LinkedHashSet<>();
  private int people;
  private int peakPeople;
  private int peakSessions;
  private int peakDevices;

  Attendance(int users) {
    sessionsOf = new int[users];
  }

  synchronized void arrived(Player player) {
    if (players.add(player)) {
      int devices = ++sessionsOf[player.user()];
      people += devices == 1 ? 1 : 0;
      peakPeople = Math.max(peakPeople, people);
      peakSessions = Math.max(peakSessions, players.size());
      peakDevices = Math.max(peakDevices, devices);
    }
  }

  synchronized void left(Player player) {
    if (players.remove(player) && --sessionsOf[player.user()] == 0) {
      people--;
    }
  }

  synchronized List<Player> players() {
    return new ArrayList<>(players);
  }

  synchronized int people() {
    return people;
  }

  synchronized int sessions() {
    return players.size();
  }

  synchronized int peakPeople() {
    return peakPeople;
  }

  synchronized int peakSessions() {
    return peakSessions;
  }

  synchronized int peakDevices() {
    return peakDevices;
  }
}
