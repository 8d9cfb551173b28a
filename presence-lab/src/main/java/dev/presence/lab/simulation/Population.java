package dev.presence.lab.simulation;

import dev.presence.server.model.PresenceState;
import dev.presence.server.presence.PresenceQueries.Lookup;
import dev.presence.server.roster.Viewer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The people of a run, and what they do: some are restless, some stay for long. */
final class Population {

  private static final int PEOPLE = 24;
  private static final int STEADY = 8;
  private static final int FRIENDS = 6;
  private static final double ONE_SIDED = 0.15;

  private final World world;
  private final RandomGenerator random;
  private final List<Person> people = new ArrayList<>();

  /** Who has been struck off a list, and not been put back. */
  private final Queue<Struck> struck = new ArrayDeque<>();

  private int devicesMade;
  private int actions;

  private record Struck(Person owner, Person contact) {}

  Population(World world) {
    this.world = world;
    random = world.random();
    for (int i = 0; i < PEOPLE; i++) {
      people.add(world.addPerson("u" + (i + 1)));
    }
    befriend();
  }

  /** Who lists whom; only those may see each other who both do. */
  private void befriend() {
    for (Person one : people) {
      for (int friend = 0; friend < FRIENDS / 2; friend++) {
        Person other = people.get(random.nextInt(PEOPLE));
        if (other != one) {
          list(one, other);
          if (random.nextDouble() >= ONE_SIDED) {
            list(other, one);
          }
        }
      }
    }
  }

  private void list(Person owner, Person contact) {
    owner.list(contact);
    world.postgres().addContact(owner.user(), contact.user());
  }

  int actions() {
    return actions;
  }

  /** Everybody comes, within a second or so. */
  void gather() {
    for (Person person : people) {
      var _ = world.time().schedule(random.nextLong(1_500), () -> come(person));
    }
  }

  /** Somebody does something. */
  void act() {
    actions++;
    int number = random.nextInt(PEOPLE);
    Person person = people.get(number);
    boolean steady = number < STEADY;
    Device device = someDevice(person);
    if (device == null) {
      come(person);
      return;
    }
    int lot = random.nextInt(100);
    if (lot < 40 || (steady && lot >= 68)) {
      read(device);
    } else if (lot < 52) {
      world.tally().rule(Rule.ACTIVITY_CHANGED);
      device.setActivity(!device.isAway());
    } else if (lot < 60) {
      world.tally().rule(Rule.WISH_CHANGED);
      device.setBusy(random.nextBoolean());
    } else if (lot < 68) {
      if (device.isPage()) {
        world.tally().rule(Rule.PAGE_HIDDEN);
        device.hide(!device.isHidden());
      } else {
        read(device);
      }
    } else if (lot < 79) {
      world.tally().rule(Rule.CUT);
      device.cut();
    } else if (lot < 83) {
      world.tally().rule(Rule.WENT_SILENT);
      device.goSilent();
    } else if (lot < 86) {
      world.tally().rule(Rule.VANISHED);
      device.vanish(random.nextBoolean());
    } else if (lot < 90) {
      world.tally().rule(Rule.SIGNED_OUT);
      device.signOut();
    } else if (lot < 93) {
      signOutSuspended(device);
    } else if (lot < 95) {
      device.close();
    } else if (lot < 96 && !world.faults().databaseFailed(0)) {
      changeContacts(person);
    } else if (person.devices().size() < 2) {
      come(person);
    } else {
      read(device);
    }
  }

  /** Strikes somebody off the list, or lets the one who was struck off first be put back. */
  private void changeContacts(Person person) {
    Struck back = random.nextBoolean() ? struck.poll() : null;
    if (back != null) {
      putBack(back.owner, back.contact);
    } else if (!person.listed().isEmpty()) {
      List<Person> listed = List.copyOf(person.listed());
      strike(person, listed.get(random.nextInt(listed.size())));
    }
  }

  private void strike(Person owner, Person contact) {
    world.note(owner.name(), () -> "strikes off " + contact);
    world.tally().rule(Rule.CONTACT_STRUCK_OFF);
    owner.strike(contact, world.time().nowMillis());
    world.postgres().removeContact(owner.user(), contact.user());
    struck.add(new Struck(owner, contact));
  }

  private void putBack(Person owner, Person contact) {
    world.note(owner.name(), () -> "puts back " + contact);
    world.tally().rule(Rule.CONTACT_PUT_BACK);
    owner.putBack(contact, world.time().nowMillis());
    world.postgres().addContact(owner.user(), contact.user());
  }

  private void signOutSuspended(Device device) {
    device.cut();
    var _ =
        world
            .time()
            .schedule(
                random.nextLong(50, 400),
                () -> {
                  if (!device.isGone() && !device.isSigningOut() && device.stream() == null) {
                    world.tally().rule(Rule.SIGNED_OUT_SUSPENDED);
                    device.signOut();
                  }
                });
  }

  private @Nullable Device someDevice(Person person) {
    List<Device> there = new ArrayList<>(person.devices());
    there.removeIf(device -> device.isGone() || device.isSigningOut());
    return there.isEmpty() ? null : there.get(random.nextInt(there.size()));
  }

  private void come(Person person) {
    world.tally().rule(Rule.CAME);
    boolean page = random.nextInt(3) == 0;
    Device device =
        world.addDevice(person, person.name() + (page ? "-page" : "-app") + ++devicesMade, page);
    if (person.devices().size() > 1) {
      world.tally().rule(Rule.TWO_DEVICES);
    }
    device.connect();
  }

  /** Asks some server how somebody is. */
  void read(Device device) {
    world.tally().rule(Rule.READ);
    SimulatedNode node = world.door().choose(null);
    if (node == null || !node.answers()) {
      return;
    }
    Person about = people.get(random.nextInt(PEOPLE));
    long since = world.faults().rosterSince(world.time().nowMillis());
    var _ =
        node.core()
            .queries()
            .lookUp(new Viewer(device.user(), false), List.of(about.user()))
            .thenAccept(
                answers -> {
                  Person asking = device.person();
                  if (about != asking && !asking.mightSee(about, since)) {
                    checkNothing(device, about, answers.getFirst());
                  }
                });
  }

  private void checkNothing(Device device, Person about, Lookup answer) {
    boolean nothing =
        answer instanceof Lookup.Found(var presence)
            && (presence.state() == PresenceState.UNKNOWN
                || (presence.state() == PresenceState.OFFLINE && presence.lastSeenMillis() == 0));
    if (!nothing) {
      world.oracle().answered(device, about);
    }
  }

  /** Somebody only looks. */
  void onlyRead() {
    Device device = someDevice(people.get(random.nextInt(PEOPLE)));
    if (device != null) {
      read(device);
    }
  }

  /** All leave: some sign out, some are just closed. */
  void leave() {
    for (Device device : List.copyOf(world.devices())) {
      if (!device.isGone() && !device.isSigningOut()) {
        if (random.nextBoolean()) {
          device.signOut();
        } else {
          device.close();
        }
      }
    }
  }
}
