package dev.presence.lab.simulation;

import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A user: the devices, whom they may see, and what they wish. */
final class Person {

  private final String name;
  private final UserId user;
  private final List<Device> devices = new ArrayList<>();
  private final Set<Person> listed = new LinkedHashSet<>();
  private final Set<Person> visible = new LinkedHashSet<>();
  private Availability wish = Availability.AVAILABLE;
  private long wishMadeMillis = -1;
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

  /** Whom this user may see. */
  Set<Person> visible() {
    return visible;
  }

  /** A wish has reached a server: the one made last counts. */
  void wished(Availability availability, long madeMillis, long nowMillis) {
    if (madeMillis >= wishMadeMillis) {
      wish = availability;
      wishMadeMillis = madeMillis;
      wishUncertain = false;
    } else if (madeMillis > wishMadeMillis - 5) {
      wishUncertain = true;
    }
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
