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
 * One stream from a device through the front door to a server, both ends of it. Messages take their
 * time and keep their order. It can be cut, which both ends notice, or go silent, which none does.
 */
abstract class ClientStream implements StreamTransport.Stream {

  protected final World world;
  protected final Device device;
  private final StreamTransport.Events events;
  private final @Nullable SimulatedNode node;
  private final long tripMillis;
  private @Nullable Attachment attachment;
  private boolean severed;
  private boolean clientDone;
  private boolean serverDone;
  private boolean greeted;
  private boolean hasRoster;
  private long listedMillis = -1;
  private long helloCameMillis = -1;

  /** For how long what the server reads now has lain in its socket. */
  private long waitedMillis;

  /** What the oracle knows of this stream. Set by Open. */
  private @Nullable StreamTruth truth;

  ClientStream(
      World world, Device device, @Nullable SocketAddress avoid, StreamTransport.Events events) {
    this.world = world;
    this.device = device;
    this.events = events;
    node = world.door().choose(avoid);
    tripMillis = world.random().nextLong(1, 40);
    if (node == null) {
      var _ = world.time().schedule(tripMillis, () -> endAtClient(Status.Code.UNAVAILABLE));
    } else {
      world.network().add(this);
    }
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

  long tripMillis() {
    return tripMillis;
  }

  @Nullable StreamTruth truth() {
    return truth;
  }

  /** Whether both ends hear each other. */
  boolean isSound() {
    return !severed && !clientDone && !serverDone && node != null && node.process().runs();
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

  boolean isSevered() {
    return severed;
  }

  boolean isOver() {
    return clientDone;
  }

  // From the client.

  @Override
  public void send(ClientMessage message) {
    if (clientDone) {
      return;
    }
    if (message.getKindCase() == ClientMessage.KindCase.OPEN) {
      Open open = message.getOpen();
      StreamTruth opened = new StreamTruth(device, node, open.getSessionId(), open.getAttempt());
      truth = opened;
      device.opening(this, opened);
      toServer(() -> open(open, opened));
    } else {
      sendLater(message);
    }
  }

  /** Brings something to the server, if it gets through. */
  protected void toServer(Runnable arrival) {
    SimulatedNode to = node;
    if (to != null && !severed) {
      var _ =
          world
              .time()
              .schedule(
                  tripMillis,
                  () -> {
                    if (!severed && !serverDone) {
                      long cameMillis = world.time().nowMillis();
                      to.process().receive(() -> read(arrival, cameMillis));
                    }
                  });
    }
  }

  private void read(Runnable arrival, long cameMillis) {
    if (serverDone) {
      return; // it was stopped meanwhile, and has just read that the connection broke
    }
    waitedMillis = world.time().nowMillis() - cameMillis;
    arrival.run();
    waitedMillis = 0;
  }

  private void open(Open open, StreamTruth opened) {
    SimulatedNode here = node;
    if (here == null || serverDone) {
      return;
    }
    if (!here.serves()) {
      world.note(device.name(), () -> "is refused by " + here);
      serverDone = true;
      toClient(() -> endAtClient(Status.Code.UNAVAILABLE));
      return;
    }
    opened.opened(
        world.time().nowMillis(),
        waitedMillis,
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
    told(activity, wish, made);
    // As the entries do it: what waited in the socket of a server that was paused is that old.
    attached().updateStatus(activity, wish, sharedMillis(node, made));
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

  /** A change of status has reached a server; the wish was made at that time. */
  protected void told(@Nullable Activity activity, @Nullable Availability wish, long madeMillis) {
    StreamTruth stream = truth;
    long now = world.time().nowMillis();
    if (stream != null && activity != null) {
      stream.activity(activity, now);
    }
    if (wish != null) {
      world.note(
          device.name(), () -> "is heard to wish " + wish + ", since " + Trace.stamp(madeMillis));
      device.person().wished(wish, madeMillis, now);
    }
  }

  protected void signOutArrived() {
    reached();
    if (truth != null) {
      truth.signOutReached(world.time().nowMillis(), truth.node, waitedMillis);
    }
    attached().signOut();
  }

  /** A sign of life has reached the server. */
  private void reached() {
    if (truth != null) {
      truth.reached(world.time().nowMillis(), waitedMillis);
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
    if (!clientDone) {
      world.note(device.name(), () -> "ends its stream to " + node + ": " + why);
      clientDone = true;
      world.network().remove(this);
      device.streamOver(this);
      toServer(this::lostAtServer);
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
        serverDone = true;
        toClient(() -> endAtClient(Status.Code.RESOURCE_EXHAUSTED, refused.retryAfterMillis()));
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
        serverDone = true;
        world.note(device.name(), () -> node + " closes the stream: " + closed.reason());
        if (stream != null) {
          stream.endedByServer(world.time().nowMillis(), closed.reason());
        }
      }
      if (message instanceof Outbound.SnapshotPart part && part.complete() && listedMillis < 0) {
        listedMillis = world.time().nowMillis();
      }
      toClient(() -> arrive(message));
    }
  }

  private void arrive(Outbound message) {
    if (!clientDone && node != null) {
      hasRoster |= message instanceof Outbound.SnapshotPart;
      if (message instanceof Outbound.Hello && helloCameMillis < 0) {
        helloCameMillis = world.time().nowMillis();
      }
      arrivedAtClient(
          ServerMessages.of(message, dev.presence.server.model.Timings.DEFAULT, node.name()));
    }
  }

  /** Hands something to the client's library. */
  protected void deliver(ServerMessage message) {
    if (!clientDone) {
      events.onMessage(message);
    }
  }

  /** Brings something to the client, if it gets through. */
  protected void toClient(Runnable arrival) {
    if (!severed) {
      var _ =
          world
              .time()
              .schedule(
                  tripMillis,
                  () -> {
                    if (!severed) {
                      device.process().receive(arrival);
                    }
                  });
    }
  }

  // What happens to the connection.

  /** The connection breaks, and both ends notice. */
  void cut() {
    world.note(device.name(), () -> "the connection to " + node + " breaks");
    toServer(this::lostAtServer);
    toClient(() -> endAtClient(Status.Code.UNAVAILABLE));
  }

  /** The client is gone; the server notices, or it does not. */
  void clientGone(boolean noticed) {
    if (noticed) {
      toServer(this::lostAtServer);
      clientDone = true;
    } else {
      clientDone = true;
      severed = true;
    }
    world.network().remove(this);
  }

  /** Nothing gets through any more, and nobody notices. */
  void goSilent() {
    world.note(device.name(), () -> "the connection to " + node + " goes silent");
    severed = true;
  }

  /** The server is gone; the client notices, or it does not. */
  void serverGone(boolean noticed) {
    serverDone = true;
    if (noticed) {
      toClient(() -> endAtClient(Status.Code.UNAVAILABLE));
    } else {
      severed = true;
    }
  }

  private void lostAtServer() {
    serverDone = true;
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
    if (!clientDone) {
      clientDone = true;
      world.network().remove(this);
      device.streamOver(this);
      events.onEnd(new StatusDetails(code, "", "in the simulation", retryMillis));
    }
  }
}
