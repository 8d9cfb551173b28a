package dev.presence.lab.replay.stage;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stretch of network on loopback that can be torn: it passes bytes on between clients and one
 * server until a connection is dropped, which then resets both ends, so that neither hears a word.
 */
final class Relay implements Closeable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final InetSocketAddress target;
  private final ServerSocketChannel listener;
  private final Map<Integer, Link> links = new ConcurrentHashMap<>();

  private record Link(SocketChannel client, SocketChannel server) {
    void close() {
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  /** Opens a relay to a server, on a free port. */
  Relay(InetSocketAddress target) {
    this.target = target;
    try {
      listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("relay", this::accept);
  }

  /** Where clients connect. */
  InetSocketAddress address() {
    try {
      return (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Drops the connection that a client made from this port.
   *
   * @return whether there was one
   */
  boolean drop(int clientPort) {
    Link link = links.remove(clientPort);
    if (link == null) {
      return false;
    }
    reset(link.client);
    reset(link.server);
    return true;
  }

  private void accept() {
    try {
      while (listener.isOpen()) {
        connect(listener.accept());
      }
    } catch (IOException e) {
      close(); // on purpose, mostly
    }
  }

  private void connect(SocketChannel client) throws IOException {
    SocketChannel server;
    try {
      server = SocketChannel.open(target);
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      client.close(); // as if nobody listened
      return;
    }
    int port = ((InetSocketAddress) client.getRemoteAddress()).getPort();
    Link link = new Link(client, server);
    links.put(port, link);
    start("relay-up-" + port, () -> pump(client, server, port, link));
    start("relay-down-" + port, () -> pump(server, client, port, link));
  }

  /**
   * Not virtual: closing a socket on which a virtual thread is just about to read may wait for it.
   */
  private static void start(String name, Runnable task) {
    var _ = Thread.ofPlatform().daemon().name(name).start(task);
  }

  private void pump(SocketChannel from, SocketChannel to, int port, Link link) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // One end is gone; the other one follows.
    } finally {
      links.remove(port, link);
      link.close();
    }
  }

  private static void reset(SocketChannel socket) {
    try {
      // A close that does not linger is a reset.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is gone already.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing more can be done about it.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.values().forEach(Link::close);
  }
}
