package dev.presence.lab.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A port that leads to another one, for as long as nothing is done to it. All state belongs to the
 * thread of the switchboard.
 */
public final class Line implements Switchboard.Ready, AutoCloseable {

  private enum Condition {
    /** Passes on. */
    OPEN,
    /** Resets whatever comes. */
    CUT,
    /** Takes connections, and passes nothing on: as where packets are lost. */
    STALLED
  }

  private final Switchboard board;
  private final ServerSocketChannel listener;
  private final InetSocketAddress address;
  private final Supplier<Sieve> sieves;
  private final Set<Link> links = new HashSet<>();
  private List<InetSocketAddress> targets;
  private int turn;
  private Condition condition = Condition.OPEN;

  Line(Switchboard board, List<InetSocketAddress> targets, Supplier<Sieve> sieves) {
    this.board = board;
    this.targets = List.copyOf(targets);
    this.sieves = sieves;
    try {
      listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.configureBlocking(false);
      listener.register(board.selector(), SelectionKey.OP_ACCEPT, this);
      address = (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where one connects. */
  public InetSocketAddress address() {
    return address;
  }

  /** The port of {@link #address}. */
  public int port() {
    return address.getPort();
  }

  /** Leads new connections elsewhere; those there are stay. */
  public void lead(List<InetSocketAddress> where) {
    boolean _ =
        board.call(
            () -> {
              targets = List.copyOf(where);
              return true;
            });
  }

  /**
   * Resets all connections, on both sides, and every new one until it is mended.
   *
   * @return how many connections there were
   */
  public int cut() {
    return board.call(
        () -> {
          condition = Condition.CUT;
          return resetAll();
        });
  }

  /**
   * Resets all connections, on both sides. New ones get through.
   *
   * @return how many there were
   */
  public int reset() {
    return board.call(this::resetAll);
  }

  /**
   * Passes nothing on until it is mended, and loses nothing either.
   *
   * @return how many connections there are
   */
  public int stall() {
    return board.call(
        () -> {
          condition = Condition.STALLED;
          links.forEach(Link::interest);
          return links.size();
        });
  }

  /** Passes on again what comes. */
  public void mend() {
    boolean _ =
        board.call(
            () -> {
              condition = Condition.OPEN;
              links.forEach(Link::interest);
              return true;
            });
  }

  /** How many connections there are. */
  public int connections() {
    return board.call(links::size);
  }

  private int resetAll() {
    List<Link> all = List.copyOf(links);
    all.forEach(Link::failed);
    return all.size();
  }

  // On the switchboard's thread.

  @Override
  public void ready(SelectionKey key) throws IOException {
    SocketChannel client = listener.accept();
    if (client == null) {
      return;
    }
    Link link = new Link(this, client, sieves.get());
    if (condition == Condition.CUT) {
      link.failed();
      return;
    }
    links.add(link);
    try {
      link.begin(inTurn());
    } catch (IOException e) {
      link.failed(); // its client is gone already; others are to come all the same
    }
  }

  private List<InetSocketAddress> inTurn() {
    int first = turn++ % targets.size();
    List<InetSocketAddress> order = new ArrayList<>(targets.subList(first, targets.size()));
    order.addAll(targets.subList(0, first));
    return order;
  }

  boolean stalled() {
    return condition == Condition.STALLED;
  }

  Switchboard board() {
    return board;
  }

  void gone(Link link) {
    links.remove(link);
  }

  @Override
  public void failed() {
    resetAll();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resets all connections, and takes no more. */
  @Override
  public void close() {
    boolean _ =
        board.call(
            () -> {
              failed();
              return true;
            });
  }
}
