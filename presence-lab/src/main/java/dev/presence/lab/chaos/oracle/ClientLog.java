package dev.presence.lab.chaos.oracle;

import dev.presence.lab.replay.oracle.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one client did and was told, from its coming to its leaving. Times are microseconds on the
 * clock of the run. Thread-safe: the crowd, the transport and the library's callbacks write into
 * it.
 */
public final class ClientLog {

  private final int user;
  private final boolean web;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param user whose client it is
   * @param web whether the web library holds it
   */
  public ClientLog(int user, boolean web) {
    this.user = user;
    this.web = web;
  }

  /** Whose client it is. */
  public int user() {
    return user;
  }

  /** Whether the web library holds it. */
  public boolean web() {
    return web;
  }

  /** The client did something, or something happened to it. */
  public void note(long atMicros, Deed deed) {
    add(Entry.of(atMicros, deed, ""));
  }

  /** Hello came. */
  public void greeted(long atMicros, String session, String node) {
    add(new Entry(atMicros, Deed.GREETED, -1, Seen.UNKNOWN, 0, session, node));
  }

  /** The library gave up. */
  public void gaveUp(long atMicros, String why) {
    add(Entry.of(atMicros, Deed.GIVEN_UP, why));
  }

  /**
   * The app was told of a contact.
   *
   * @param lastSeenMillis Unix time; 0 if none was told
   */
  public void told(long atMicros, int contact, Seen seen, long lastSeenMillis) {
    add(new Entry(atMicros, Deed.TOLD, contact, seen, lastSeenMillis, "", ""));
  }

  /** The app was told of somebody who is no contact of its user. */
  public void toldOfStranger(long atMicros, String who) {
    add(Entry.of(atMicros, Deed.TOLD_OF_STRANGER, who));
  }

  private synchronized void add(Entry entry) {
    entries.add(entry);
  }

  /** How often it did this, or this happened to it, since a moment. */
  public synchronized long count(Deed deed, long sinceMicros) {
    return entries.stream()
        .filter(entry -> entry.deed() == deed && entry.atMicros() >= sinceMicros)
        .count();
  }

  /** Whether anything happened to it since a moment. */
  public synchronized boolean didAnything(long sinceMicros) {
    return !entries.isEmpty() && entries.getLast().atMicros() >= sinceMicros;
  }

  /** All of it, in order of time. */
  List<Entry> entries() {
    List<Entry> copy;
    synchronized (this) {
      copy = new ArrayList<>(entries);
    }
    copy.sort(Comparator.comparingLong(Entry::atMicros));
    return copy;
  }
}
