package dev.presence.lab.simulation;

import dev.presence.server.model.PresenceState;
import dev.presence.server.presence.PresenceQueries.Lookup;
import dev.presence.server.roster.Viewer;
import java.util.ArrayList;
import java.util.List;
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
  private int devicesMade;
  private int actions;

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
    } else if (person.devices().size() < 2) {
      come(person);
    } else {
      read(device);
    }
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
    boolean may = about == device.person() || device.person().visible().contains(about);
    var _ =
        node.core()
            .queries()
            .lookUp(new Viewer(device.user(), false), List.of(about.user()))
            .thenAccept(
                answers -> {
                  if (!may) {
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
      new NoLeak(world.oracle()).answered(device, about.name());
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
