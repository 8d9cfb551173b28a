package dev.presence.lab.simulation;

import dev.presence.client.StreamTransport;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.ServerMessage;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A native app's transport: everything goes on the one stream. */
record AppTransport(World world, Device device) implements StreamTransport {

  @Override
  public Stream open(String token, @Nullable SocketAddress avoid, Events events) {
    return new AppStream(world, device, avoid, events);
  }

  private static final class AppStream extends ClientStream {

    AppStream(World world, Device device, @Nullable SocketAddress avoid, Events events) {
      super(world, device, avoid, events);
    }

    @Override
    Entry entry() {
      return Entry.APP;
    }

    @Override
    void sendLater(ClientMessage message) {
      switch (message.getKindCase()) {
        case HEARTBEAT -> line.toServer(() -> heartbeat(message.getHeartbeat().getSequence()));
        case UPDATE_STATUS -> {
          long sentMillis = world.time().nowMillis();
          line.toServer(() -> update(message.getUpdateStatus(), sentMillis));
        }
        case SIGN_OUT -> line.toServer(this::signOutArrived);
        default -> throw new AssertionError("unexpected: " + message);
      }
    }

    @Override
    void arrivedAtClient(ServerMessage message) {
      deliver(message);
    }
  }
}
