package dev.presence.lab.simulation;

import org.jspecify.annotations.Nullable;

/**
 * The connection that carries one stream, with both its ends. What is sent takes its time and keeps
 * its order. It can be cut, which both ends notice, or go silent, which none does.
 */
final class Line {

  private final World world;
  private final Device device;
  private final @Nullable SimulatedNode node;
  private final Runnable lostAtServer;
  private final Runnable lostAtClient;
  private final long tripMillis;
  private boolean severed;
  private boolean clientDone;
  private boolean serverDone;

  /** For how long what the server reads now has lain in its socket. */
  private long waitedMillis;

  /**
   * From a device to a server.
   *
   * @param node null if the front door knew of none, which the client is told
   * @param lostAtServer what the server does when it notices that the connection is gone
   * @param lostAtClient what the client does
   */
  Line(
      World world,
      Device device,
      @Nullable SimulatedNode node,
      Runnable lostAtServer,
      Runnable lostAtClient) {
    this.world = world;
    this.device = device;
    this.node = node;
    this.lostAtServer = lostAtServer;
    this.lostAtClient = lostAtClient;
    tripMillis = world.random().nextLong(1, 40);
    if (node == null) {
      var _ = world.time().schedule(tripMillis, lostAtClient);
    } else {
      world.network().add(this);
    }
  }

  @Nullable SimulatedNode node() {
    return node;
  }

  /** How long everything takes, one way. */
  long tripMillis() {
    return tripMillis;
  }

  long waitedMillis() {
    return waitedMillis;
  }

  /** Whether both ends hear each other. */
  boolean isSound() {
    return !severed && !clientDone && !serverDone && node != null && node.process().runs();
  }

  /** Whether nothing gets through any more, though an end may not have noticed. */
  boolean isSevered() {
    return severed;
  }

  /** Whether the client has ended the stream, or knows that it is gone. */
  boolean isOverAtClient() {
    return clientDone;
  }

  /** Whether the server has. */
  boolean isOverAtServer() {
    return serverDone;
  }

  /** Brings something to the server, if it gets through. */
  void toServer(Runnable arrival) {
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

  /** Brings something to the client, if it gets through. */
  void toClient(Runnable arrival) {
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

  /** The client has done with it. */
  void endAtClient() {
    clientDone = true;
    world.network().remove(this);
  }

  /** The server has done with it. */
  void endAtServer() {
    serverDone = true;
  }

  /** The connection breaks, and both ends notice. */
  void cut() {
    world.note(device.name(), () -> "the connection to " + node + " breaks");
    toServer(lostAtServer);
    toClient(lostAtClient);
  }

  /** Nothing gets through any more, and nobody notices. */
  void goSilent() {
    world.note(device.name(), () -> "the connection to " + node + " goes silent");
    severed = true;
  }

  /** The client is gone; the server notices, or it does not. */
  void clientGone(boolean noticed) {
    if (noticed) {
      toServer(lostAtServer);
    } else {
      severed = true;
    }
    endAtClient();
  }

  /** The server is gone; the client notices, or it does not. */
  void serverGone(boolean noticed) {
    serverDone = true;
    if (noticed) {
      toClient(lostAtClient);
    } else {
      severed = true;
    }
  }
}
