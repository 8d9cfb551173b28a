package dev.presence.lab.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of the loopback. */
public final class FreePorts {

  /** Below those of outgoing connections, which begin at 32,768 on Linux. */
  private static final int FIRST = 21_000;

  private static final int LAST = 32_000;

  /** What this process has given away: none of it twice. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /**
   * A port that is free now, of those that the system gives to no outgoing connection: it stays
   * free until somebody asks for it by its number.
   */
  public static int any() {
    for (int tries = 0; tries < LAST - FIRST; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " to " + LAST);
  }

  /** So many ports that are free now, all different. */
  public static List<Integer> many(int count) {
    return IntStream.range(0, count).mapToObj(number -> any()).toList();
  }

  /** Whether nobody listens on this port. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
