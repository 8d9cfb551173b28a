package dev.presence.lab.chaos.crowd;

import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.clients.RunClock;
import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.tcp.Line;
import dev.presence.lab.tcp.Switchboard;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes clients, of whom the web library holds a share, and keeps all their logs. */
public final class Entrance {

  /** One in so many is held by the web library: more than a fifth. */
  private static final int WEB_ONE_IN = 4;

  private final Circle circle;
  private final Switchboard board;
  private final RunClock clock;
  private final UnaryOperator<String> tokens;
  private final WebCompany web;
  private final Map<Integer, String> tokenOf = new HashMap<>();
  private final List<ClientLog> logs = new ArrayList<>();
  private List<InetSocketAddress> edges;

  /**
   * An entrance.
   *
   * @param edges where clients come in
   * @param tokens makes a user's token
   * @param web where the web library holds its share
   */
  public Entrance(
      Circle circle,
      Switchboard board,
      List<InetSocketAddress> edges,
      RunClock clock,
      UnaryOperator<String> tokens,
      WebCompany web) {
    this.circle = circle;
    this.board = board;
    this.edges = edges;
    this.clock = clock;
    this.tokens = tokens;
    this.web = web;
  }

  /** Who may come. */
  public Circle circle() {
    return circle;
  }

  RunClock clock() {
    return clock;
  }

  /** From now on clients come in there. */
  public synchronized void edges(List<InetSocketAddress> where) {
    edges = List.copyOf(where);
  }

  /** A new client of this user, which is not connected yet. */
  synchronized Client client(int user) {
    int number = logs.size();
    boolean byWeb = number % WEB_ONE_IN == 0;
    ClientLog log = new ClientLog(user, byWeb);
    logs.add(log);
    Line line = board.line(edges);
    String token = tokenOf.computeIfAbsent(user, index -> tokens.apply(circle.ids().get(index)));
    return byWeb
        ? new WebClient(log, circle, clock, line, token, web, number)
        : new JavaClient(log, circle, clock, line, token);
  }

  /** What all clients wrote down that ever came. */
  public synchronized List<ClientLog> logs() {
    return List.copyOf(logs);
  }

  /** Which share of the clients that did anything since a moment the web library holds: 0 to 1. */
  public double webShare(long sinceMicros) {
    List<ClientLog> there = logs().stream().filter(log -> log.didAnything(sinceMicros)).toList();
    long byWeb = there.stream().filter(ClientLog::web).count();
    return there.isEmpty() ? 0 : (double) byWeb / there.size();
  }

  /**
   * Checks that the process lives that holds the web library's share.
   *
   * @throws IllegalStateException if not
   */
  public void check() {
    web.check();
  }
}
