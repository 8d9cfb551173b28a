package dev.presence.lab.simulation;

import dev.presence.client.StatusDetails;
import dev.presence.client.StreamTransport;
import dev.presence.server.grpc.ServerMessages;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionId;
import dev.presence.server.presence.Outbound;
import dev.presence.server.session.Attachment;
import dev.presence.server.session.OpenCommand;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Open;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.UpdateStatus;
import io.grpc.Status;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One stream from a device through the front door to a server: what either end says on it, and
 * hears of it.
 */
abstract class ClientStream implements StreamTransport.Stream {

  protected final World world;
  protected final Device device;
  private final StreamTransport.Events events;
  protected final Line line;
  private final @Nullable SimulatedNode node;
  private @Nullable Attachment attachment;
  private boolean greeted;
  private boolean hasRoster;
  private long listedMillis = -1;
  private long helloCameMillis = -1;

  /** What the oracle knows of this stream. Set by Open. */
  private @Nullable StreamTruth truth;

  ClientStream(
      World world, Device device, @Nullable SocketAddress avoid, StreamTransport.Events events) {
    this.world = world;
    this.device = device;
    this.events = events;
    node = world.door().choose(avoid);
    line =
        new Line(
            world, device, node, this::lostAtServer, () -> endAtClient(Status.Code.UNAVAILABLE));
  }

  /** How the client came in. */
  abstract Entry entry();

  /** The client says something after Open, and the stream is not the way for all of it. */
  abstract void sendLater(ClientMessage message);

  /** Something from the server reaches the client. */
  abstract void arrivedAtClient(ServerMessage message);

  @Nullable SimulatedNode node() {
    return node;
  }

  Line line() {
    return line;
  }

  @Nullable StreamTruth truth() {
    return truth;
  }

  /** Whether what its server tells of the contacts has begun to arrive. */
  boolean hasRoster() {
    return hasRoster;
  }

  /** When hello reached the client, which until then goes by an older stream; -1 before. */
  long helloCameMillis() {
    return helloCameMillis;
  }

  /** When its server had told of all who are not offline; -1 if it has not yet. */
  long listedMillis() {
    return listedMillis;
  }

  // From the client.

  @Override
  public void send(ClientMessage message) {
    if (line.isOverAtClient()) {
      return;
    }
    if (message.getKindCase() == ClientMessage.KindCase.OPEN) {
      Open open = message.getOpen();
      StreamTruth opened = new StreamTruth(device, node, open.getSessionId(), open.getAttempt());
      truth = opened;
      device.opening(this, opened);
      line.toServer(() -> open(open, opened));
    } else {
      sendLater(message);
    }
  }

  private void open(Open open, StreamTruth opened) {
    SimulatedNode here = node;
    if (here == null || line.isOverAtServer()) {
      return;
    }
    if (!here.serves()) {
      world.note(device.name(), () -> "is refused by " + here);
      line.endAtServer();
      line.toClient(() -> endAtClient(Status.Code.UNAVAILABLE));
      return;
    }
    opened.opened(
        world.time().nowMillis(),
        line.waitedMillis(),
        device.wireActivity(open.getActivity()),
        entry() == Entry.HIDDEN_PAGE,
        entry() != Entry.APP);
    world.truth().opened(opened);
    OpenCommand command =
        new OpenCommand(
            device.user(),
            SessionId.parse(open.getSessionId()).orElse(null),
            open.getAttempt(),
            open.getDevice(),
            device.wireActivity(open.getActivity()),
            entry());
    attachment = here.core().sessions().open(command, this::write);
    write();
  }

  /** What an app says on the stream arrives. */
  protected void heartbeat(long sequence) {
    reached();
    attached().heartbeat(sequence);
  }

  /**
   * A change of status arrives.
   *
   * @param sentMillis when it was sent
   */
  protected void update(UpdateStatus update, long sentMillis) {
    reached();
    Activity activity = device.wireActivityOrNull(update.getActivity());
    Availability wish = device.wish(update);
    long made = sentMillis - ageMillis(update);
    // As the entries do it: what waited in the socket of a server that was paused is that old.
    long stamp = sharedMillis(node, made);
    told(activity, wish, made, stamp);
    attached().updateStatus(activity, wish, stamp);
  }

  /** A moment of the run's clock by the shared one, as a server knows it. */
  protected long sharedMillis(@Nullable SimulatedNode at, long millis) {
    return at == null ? 0 : at.core().sessions().nowMillis() - (world.time().nowMillis() - millis);
  }

  /** How long ago a wish was made, as its client says. */
  protected static long ageMillis(UpdateStatus update) {
    return update.getAvailabilityAge().getSeconds() * 1_000
        + update.getAvailabilityAge().getNanos() / 1_000_000;
  }

  /**
   * A change of status has reached a server.
   *
   * @param madeMillis when the wish was made
   * @param stampMillis the same by the server's clock
   */
  protected void told(
      @Nullable Activity activity, @Nullable Availability wish, long madeMillis, long stampMillis) {
    StreamTruth stream = truth;
    long now = world.time().nowMillis();
    if (stream != null && activity != null) {
      stream.activity(activity, now);
    }
    if (wish != null) {
      world.note(
          device.name(), () -> "is heard to wish " + wish + ", since " + Trace.stamp(madeMillis));
      device.person().wished(wish, madeMillis, stampMillis, now);
    }
  }

  protected void signOutArrived() {
    reached();
    if (truth != null) {
      truth.signOutReached(world.time().nowMillis(), truth.node, line.waitedMillis());
    }
    attached().signOut();
  }

  /** A sign of life has reached the server. */
  private void reached() {
    if (truth != null) {
      truth.reached(world.time().nowMillis(), line.waitedMillis());
    }
  }

  private Attachment attached() {
    if (attachment == null) {
      throw new AssertionError("a message before Open");
    }
    return attachment;
  }

  @Override
  public void halfClose() {}

  @Override
  public void cancel(String why) {
    if (!line.isOverAtClient()) {
      world.note(device.name(), () -> "ends its stream to " + node + ": " + why);
      line.endAtClient();
      device.streamOver(this);
      line.toServer(this::lostAtServer);
    }
  }

  @Override
  public @Nullable SocketAddress peer() {
    return node == null ? null : node.address();
  }

  // From the server.

  private void write() {
    Attachment from = attachment;
    if (from == null) {
      return;
    }
    for (Outbound next = from.outbox().next(); next != null; next = from.outbox().next()) {
      Outbound message = next;
      if (message instanceof Outbound.Refused refused) {
        line.endAtServer();
        line.toClient(
            () -> endAtClient(Status.Code.RESOURCE_EXHAUSTED, refused.retryAfterMillis()));
        return;
      }
      StreamTruth stream = truth;
      if (message instanceof Outbound.Hello hello && stream != null && !greeted) {
        greeted = true;
        world.truth().greeted(stream, hello.session().toString(), hello.resumed());
      }
      if (message instanceof Outbound.Drain) {
        world.tally().rule(Rule.ASKED_TO_MOVE);
      }
      if (message instanceof Outbound.Closed closed) {
        line.endAtServer();
        world.note(device.name(), () -> node + " closes the stream: " + closed.reason());
        if (stream != null) {
          stream.endedByServer(world.time().nowMillis(), closed.reason());
        }
      }
      if (message instanceof Outbound.SnapshotPart part && part.complete() && listedMillis < 0) {
        listedMillis = world.time().nowMillis();
      }
      line.toClient(() -> arrive(message));
    }
  }

  private void arrive(Outbound message) {
    if (!line.isOverAtClient() && node != null) {
      hasRoster |= message instanceof Outbound.SnapshotPart;
      if (message instanceof Outbound.Hello && helloCameMillis < 0) {
        helloCameMillis = world.time().nowMillis();
        device.greeted(truth);
      }
      arrivedAtClient(
          ServerMessages.of(message, dev.presence.server.model.Timings.DEFAULT, node.name()));
    }
  }

  /** Hands something to the client's library. */
  protected void deliver(ServerMessage message) {
    if (!line.isOverAtClient()) {
      events.onMessage(message);
    }
  }

  private void lostAtServer() {
    line.endAtServer();
    Attachment lost = attachment;
    if (lost != null) {
      if (truth != null) {
        truth.lost(world.time().nowMillis());
      }
      lost.lost();
    }
  }

  protected void endAtClient(Status.Code code) {
    endAtClient(code, 0);
  }

  private void endAtClient(Status.Code code, long retryMillis) {
    if (!line.isOverAtClient()) {
      line.endAtClient();
      device.streamOver(this);
      events.onEnd(new StatusDetails(code, "", "in the simulation", retryMillis));
    }
  }
}
