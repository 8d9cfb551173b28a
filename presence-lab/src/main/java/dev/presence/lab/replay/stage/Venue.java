package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.WebVenue;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a run takes place.
 *
 * @param doors where clients come in: the two servers, or the edge in front of them
 * @param connections how many connections to each door the clients share
 * @param web how the web library reaches the servers; null if it is to hold no sessions
 * @param serverCpu CPU time that the servers have used so far
 * @param tokens makes a user's token
 */
public record Venue(
    List<InetSocketAddress> doors,
    int connections,
    @Nullable WebVenue web,
    Supplier<Duration> serverCpu,
    UnaryOperator<String> tokens) {

  /** How many servers there are: the resumes on "the other one" ask for two. */
  public static final int SERVERS = 2;

  /** Each cut resets a stream, and hundreds a second on one connection look like an attack. */
  private static final int CONNECTIONS_TO_A_SERVER = 96;

  /** Envoy takes 200 streams on a connection, and lets further ones wait without a word. */
  private static final int CONNECTIONS_TO_THE_EDGE = 32;

  /** The plan says on which server a session is. */
  public static Venue servers(
      List<InetSocketAddress> servers, Supplier<Duration> serverCpu, UnaryOperator<String> tokens) {
    if (servers.size() != SERVERS) {
      throw new IllegalArgumentException("a replay needs two servers, found " + servers);
    }
    return new Venue(servers, CONNECTIONS_TO_A_SERVER, null, serverCpu, tokens);
  }

  /** The edge says on which server a session is. */
  public static Venue edge(
      InetSocketAddress edge,
      WebVenue web,
      Supplier<Duration> serverCpu,
      UnaryOperator<String> tokens) {
    return new Venue(List.of(edge), CONNECTIONS_TO_THE_EDGE, web, serverCpu, tokens);
  }
}
