package dev.presence.lab.simulation;

import dev.presence.client.ClientMachine;
import dev.presence.client.ConnectionState;
import dev.presence.client.Loop;
import dev.presence.client.StreamTransport;
import dev.presence.server.loop.EventLoop;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.UserId;
import dev.presence.v1.UpdateStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One instance of an app or a page, from its start to its end. */
final class Device {

  private final World world;
  private final Person person;
  private final String name;
  private final boolean page;
  private final SimulatedProcess process;
  private final App app;
  private final @Nullable PageTransport pageTransport;
  private final ClientMachine machine;
  private @Nullable ClientStream stream;
  private @Nullable StreamTruth greetedBy;

  /** Those that bring something yet: two, while it moves to another server. */
  private final List<StreamTruth> open = new ArrayList<>();

  private boolean hidden;
  private boolean gone;
  private long signOutSentMillis = -1;
  private Activity activity = Activity.ACTIVE;

  Device(World world, Person person, String name, boolean page) {
    this.world = world;
    this.person = person;
    this.name = name;
    this.page = page;
    process = new SimulatedProcess(world.time(), world.random().nextLong(1, 1_000_000));
    app = new App(world, this);
    pageTransport = page ? new PageTransport(world, this) : null;
    StreamTransport transport =
        pageTransport == null ? new AppTransport(world, this) : pageTransport;
    machine =
        new ClientMachine(
            new DeviceLoop(process.loop()),
            world.random(),
            transport,
            () -> "token",
            page ? "web" : "phone",
            app);
  }

  private record DeviceLoop(EventLoop loop) implements Loop {

    @Override
    public long nowMillis() {
      return loop.nowMillis();
    }

    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public Timer schedule(long delayMillis, Runnable action) {
      EventLoop.Timer timer = loop.schedule(delayMillis, action);
      return timer::cancel;
    }
  }

  // What it does.

  void connect() {
    world.note(name, () -> page ? "opens the page" : "starts the app");
    machine.connect();
  }

  void signOut() {
    world.note(name, () -> "signs out");
    signOutSentMillis = world.time().nowMillis();
    var _ = machine.signOut().thenRun(() -> gone = true);
  }

  /** The app or page is closed; its connection ends with it. */
  void close() {
    world.note(name, () -> "is closed");
    machine.leave();
    gone = true;
    process.kill();
  }

  /** The device is gone, without a word. */
  void vanish(boolean noticed) {
    world.note(name, () -> "vanishes" + (noticed ? "" : ", and the server does not notice"));
    gone = true;
    ClientStream carrying = stream;
    if (carrying != null) {
      carrying.line().clientGone(noticed);
    }
    process.kill();
  }

  void cut() {
    ClientStream carrying = stream;
    if (carrying != null) {
      carrying.line().cut();
    }
  }

  void goSilent() {
    ClientStream carrying = stream;
    if (carrying != null) {
      carrying.line().goSilent();
    }
  }

  void setActivity(boolean away) {
    world.note(name, () -> away ? "is away" : "is active");
    activity = away ? Activity.AWAY : Activity.ACTIVE;
    machine.setStatus(
        away ? dev.presence.client.Activity.AWAY : dev.presence.client.Activity.ACTIVE, null);
  }

  void setBusy(boolean busy) {
    world.note(name, () -> busy ? "wishes to be busy" : "wishes to be available");
    machine.setStatus(
        null,
        busy ? dev.presence.client.Availability.BUSY : dev.presence.client.Availability.AVAILABLE);
  }

  void hide(boolean now) {
    hidden = now;
    world.note(name, () -> now ? "is hidden" : "is shown");
    if (pageTransport != null) {
      pageTransport.visibilityChanged();
    }
  }

  // What its streams tell.

  void opening(ClientStream opened, StreamTruth truth) {
    world.note(
        name,
        () ->
            "opens a stream to "
                + opened.node()
                + ", attempt "
                + truth.attempt
                + (truth.askedFor.isEmpty() ? "" : " of " + truth.askedFor));
    stream = opened;
    open.add(truth);
  }

  /** Hello of a stream has come. */
  void greeted(@Nullable StreamTruth by) {
    greetedBy = by;
  }

  void streamOver(ClientStream over) {
    open.remove(over.truth());
    if (over.equals(stream)) {
      stream = null;
    }
  }

  // How it stands.

  boolean isPage() {
    return page;
  }

  boolean isHidden() {
    return hidden;
  }

  boolean isAway() {
    return activity == Activity.AWAY;
  }

  /** Whether nothing more comes of it. */
  boolean isGone() {
    return gone || machine.state().phase() == ConnectionState.Phase.OFFLINE;
  }

  boolean isLive() {
    return !gone && machine.state().isConnected();
  }

  boolean isSigningOut() {
    return signOutSentMillis >= 0;
  }

  long signOutSentMillis() {
    return signOutSentMillis;
  }

  @Nullable ClientStream stream() {
    return stream;
  }

  App app() {
    return app;
  }

  // Whom it is told of. A stream is told of those whom the roster named at its beginning.

  /** Whom it must have been told of: by the stream of the last hello, until the next one comes. */
  Set<Person> visible() {
    return person.visibleSince(rosterSince(greetedBy == null ? -1 : greetedBy.openedMillis));
  }

  /** Whether one of its streams may tell of somebody. */
  boolean mayBeTold(Person about) {
    return open.stream()
        .anyMatch(stream -> person.mightSee(about, rosterSince(stream.openedMillis)));
  }

  private long rosterSince(long openedMillis) {
    return world.faults().rosterSince(openedMillis >= 0 ? openedMillis : world.time().nowMillis());
  }

  SimulatedProcess process() {
    return process;
  }

  Person person() {
    return person;
  }

  UserId user() {
    return person.user();
  }

  String name() {
    return name;
  }

  // The words of the wire.

  Activity wireActivity(dev.presence.v1.Activity wire) {
    Activity said = wireActivityOrNull(wire);
    return said == null ? Activity.ACTIVE : said;
  }

  @Nullable Activity wireActivityOrNull(dev.presence.v1.Activity wire) {
    return switch (wire) {
      case ACTIVITY_ACTIVE -> Activity.ACTIVE;
      case ACTIVITY_AWAY -> Activity.AWAY;
      default -> null;
    };
  }

  @Nullable Availability wish(UpdateStatus update) {
    if (!update.hasAvailability()) {
      return null;
    }
    return update.getAvailability() == dev.presence.v1.Availability.AVAILABILITY_BUSY
        ? Availability.BUSY
        : Availability.AVAILABLE;
  }
}
