package dev.presence.lab.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One connection over a line: from the client to the line, and on to where it leads. */
final class Link implements Switchboard.Ready {

  private final Line line;
  private final SocketChannel client;
  private final Sieve sieve;
  private final Deque<InetSocketAddress> untried = new ArrayDeque<>();
  private @Nullable SocketChannel server;
  private boolean connected;
  private boolean gone;

  /** What one side sent and the other has not taken yet: until it has, no more is read. */
  private @Nullable ByteBuffer toServer;

  private @Nullable ByteBuffer toClient;

  Link(Line line, SocketChannel client, Sieve sieve) {
    this.line = line;
    this.client = client;
    this.sieve = sieve;
  }

  void begin(Collection<InetSocketAddress> targets) throws IOException {
    untried.addAll(targets);
    prepare(client);
    client.register(line.board().selector(), 0, this);
    connect();
  }

  private static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  private void connect() throws IOException {
    for (InetSocketAddress target = untried.poll(); target != null; target = untried.poll()) {
      SocketChannel channel = SocketChannel.open();
      prepare(channel);
      server = channel;
      try {
        connected = channel.connect(target);
        channel.register(line.board().selector(), connected ? 0 : SelectionKey.OP_CONNECT, this);
        interest();
        return;
      } catch (IOException e) {
        channel.close(); // nobody listens there
      }
    }
    failed();
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    SocketChannel other = server;
    if (gone || other == null) {
      return;
    }
    if (!connected) {
      finishConnect(other);
    } else if (key.channel().equals(client)) {
      serve(key, client, other, true);
    } else {
      serve(key, other, client, false);
    }
    interest();
  }

  private void finishConnect(SocketChannel channel) throws IOException {
    try {
      connected = channel.finishConnect();
    } catch (IOException e) {
      channel.close();
      connect();
    }
  }

  /** Takes what this side sends, and gives it what is left of what the other sent. */
  private void serve(SelectionKey key, SocketChannel here, SocketChannel there, boolean fromClient)
      throws IOException {
    if (key.isWritable()) {
      ByteBuffer left = fromClient ? toClient : toServer;
      if (left != null) {
        here.write(left);
        keep(left, !fromClient);
      }
    }
    if (key.isValid() && key.isReadable()) {
      ByteBuffer bytes = line.board().scratch();
      if (here.read(bytes) < 0) {
        failed();
        return;
      }
      bytes.flip();
      ByteBuffer passing = fromClient ? bytes : sieve.pass(bytes);
      there.write(passing);
      keep(passing, fromClient);
    }
  }

  private void keep(ByteBuffer rest, boolean forServer) {
    ByteBuffer kept = null;
    if (rest.hasRemaining()) {
      kept = ByteBuffer.allocate(rest.remaining()).put(rest).flip();
    }
    if (forServer) {
      toServer = kept;
    } else {
      toClient = kept;
    }
  }

  /** Says what it waits for now. */
  void interest() {
    SocketChannel other = server;
    if (gone || other == null) {
      return;
    }
    boolean flows = connected && !line.stalled();
    set(client, flows ? ops(toServer == null, toClient != null) : 0);
    set(
        other,
        !connected ? SelectionKey.OP_CONNECT : flows ? ops(toClient == null, toServer != null) : 0);
  }

  private static int ops(boolean read, boolean write) {
    return (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
  }

  private void set(SocketChannel channel, int ops) {
    SelectionKey key = channel.keyFor(line.board().selector());
    if (key != null && key.isValid()) {
      key.interestOps(ops);
    }
  }

  /** Resets both sides. */
  @Override
  public void failed() {
    gone = true;
    line.gone(this);
    reset(client);
    if (server != null) {
      reset(server);
    }
  }

  private static void reset(SocketChannel channel) {
    try (channel) {
      // A close that does not linger is a reset.
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is gone already.
    }
  }
}
