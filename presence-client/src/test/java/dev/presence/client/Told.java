package dev.presence.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an app was told, in words: {@code LIVE}, {@code bob ONLINE}, {@code snapshot bob ONLINE}.
 */
final class Told implements PresenceListener {
  final List<String> events = Collections.synchronizedList(new ArrayList<>());
  final List<String> hellos = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    StringBuilder text = new StringBuilder("snapshot");
    new TreeMap<>(contacts).values().forEach(contact -> text.append(' ').append(words(contact)));
    events.add(text.toString());
  }

  @Override
  public void onChange(Presence contact) {
    events.add(words(contact));
  }

  @Override
  public void onState(ConnectionState state) {
    events.add(state.toString());
  }

  @Override
  public void onHello(SessionInfo info) {
    hellos.add(info.sessionId() + (info.resumed() ? " resumed" : " new"));
  }

  /** What was told since the last time, in order. */
  List<String> news() {
    synchronized (events) {
      List<String> news = List.copyOf(events);
      events.clear();
      return news;
    }
  }

  private static String words(Presence contact) {
    return contact.userId()
        + " "
        + contact.state()
        + contact.lastSeen().map(Instant::getEpochSecond).map(seen -> " " + seen).orElse("");
  }
}
