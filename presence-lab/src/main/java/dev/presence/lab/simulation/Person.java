package dev.presence.lab.simulation;

import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A user: the devices, whom they may see, and what they wish. */
final class Person {

  /** An answer that took longer does not set a server's clock. */
  private static final long CLOCKS_APART_MILLIS = 1_000;

  private final String name;
  private final UserId user;
  private final List<Device> devices = new ArrayList<>();
  private final Set<Person> listed = new LinkedHashSet<>();
  private final Set<Person> visible = new LinkedHashSet<>();

  /** When others came in sight, or went out of it, last: those with whom that has happened. */
  private final Map<Person, Long> sightChangedMillis = new HashMap<>();

  private Availability wish = Availability.AVAILABLE;
  private long wishMadeMillis = -1;

  /** By whatever server's clock. */
  private long newestStampMillis = -1;

  private long wishArrivedMillis = -1;
  private boolean wishUncertain;

  Person(String name) {
    this.name = name;
    user = new UserId(name);
  }

  String name() {
    return name;
  }

  UserId user() {
    return user;
  }

  List<Device> devices() {
    return devices;
  }

  /** Puts somebody on this user's list: who list each other may see each other. */
  void list(Person contact) {
    listed.add(contact);
    if (contact.listed.contains(this)) {
      visible.add(contact);
      contact.visible.add(this);
    }
  }

  /** Strikes somebody off this user's list: neither may see the other any more. */
  void strike(Person contact, long nowMillis) {
    listed.remove(contact);
    if (visible.remove(contact)) {
      contact.visible.remove(this);
      sightChanged(contact, nowMillis);
    }
  }

  /** Puts somebody back who was struck off. */
  void putBack(Person contact, long nowMillis) {
    list(contact);
    if (visible.contains(contact)) {
      sightChanged(contact, nowMillis);
    }
  }

  private void sightChanged(Person contact, long nowMillis) {
    sightChangedMillis.put(contact, nowMillis);
    contact.sightChangedMillis.put(this, nowMillis);
  }

  /** Who is on this user's list. */
  Set<Person> listed() {
    return listed;
  }

  /** Whether this user may see somebody, or might at some moment since then. */
  boolean mightSee(Person other, long sinceMillis) {
    Long changed = sightChangedMillis.get(other);
    return visible.contains(other) || (changed != null && changed >= sinceMillis);
  }

  /** Whom this user may see, and has been allowed to all the time since then. */
  Set<Person> visibleSince(long sinceMillis) {
    if (sightChangedMillis.isEmpty()) {
      return visible;
    }
    Set<Person> steadily = new LinkedHashSet<>(visible);
    steadily.removeIf(other -> sightChangedMillis.getOrDefault(other, -1L) >= sinceMillis);
    return steadily;
  }

  /**
   * A wish has reached a server: the one made last counts. Which one that was, of two that were
   * made at almost the same time, may be another by the clocks of the servers that took them.
   *
   * @param stampMillis when it was made by the shared clock, as its server knows that
   */
  void wished(Availability availability, long madeMillis, long stampMillis, long nowMillis) {
    boolean other = availability != wish;
    boolean newer = madeMillis > wishMadeMillis;
    boolean agreed = stampMillis != newestStampMillis && newer == stampMillis > newestStampMillis;
    boolean near = Math.abs(madeMillis - wishMadeMillis) <= CLOCKS_APART_MILLIS;
    if (newer) {
      wish = availability;
      wishMadeMillis = madeMillis;
      wishUncertain = near && !agreed;
    } else {
      wishUncertain |= near && !agreed && other;
    }
    newestStampMillis = Math.max(newestStampMillis, stampMillis);
    wishArrivedMillis = nowMillis;
  }

  /** Who held the wish may have died with it. */
  void wishMayBeLost() {
    wishUncertain = true;
  }

  Availability wish() {
    return wish;
  }

  boolean isWishCertain() {
    return !wishUncertain;
  }

  long wishArrivedMillis() {
    return wishArrivedMillis;
  }

  @Override
  public String toString() {
    return name;
  }
}
