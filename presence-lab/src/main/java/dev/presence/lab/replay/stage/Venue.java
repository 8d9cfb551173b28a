package dev.presence.lab.replay.stage;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Where a run takes place.
 *
 * @param servers where the two servers take streams
 * @param serverCpu CPU time that the servers have used so far
 * @param tokens makes a user's token
 */
public record Venue(
    List<InetSocketAddress> servers, Supplier<Duration> serverCpu, UnaryOperator<String> tokens) {

  /** How many servers there are: the resumes on "the other one" ask for two. */
  public static final int SERVERS = 2;

  /** Checks that there are two servers. */
  public Venue {
    if (servers.size() != SERVERS) {
      throw new IllegalArgumentException("a replay needs two servers, found " + servers);
    }
  }
}
