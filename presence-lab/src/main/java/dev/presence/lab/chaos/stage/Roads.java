package dev.presence.lab.chaos.stage;

import dev.presence.lab.fleet.Detour;
import dev.presence.lab.store.LocalPostgres;
import dev.presence.lab.store.RedisTopology;
import dev.presence.lab.tcp.Hush;
import dev.presence.lab.tcp.Line;
import dev.presence.lab.tcp.Switchboard;
import dev.presence.lab.tcp.TopicSieve;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lines from each server to Redis: each has its own, so that one can be cut off alone. */
public final class Roads implements Detour {

  private final Switchboard board;
  private final RedisUnderChaos redis;
  private final Hush hush = new Hush();
  private final Map<Integer, Map<Integer, Line>> lines = new ConcurrentHashMap<>();

  Roads(Switchboard board, RedisUnderChaos redis) {
    this.board = board;
    this.redis = redis;
  }

  @Override
  public Map<String, String> settings(int server, RedisTopology unused, LocalPostgres postgres) {
    Map<Integer, Line> own = lines.computeIfAbsent(server, _ -> new ConcurrentHashMap<>());
    for (int port : redis.ports()) {
      Line _ = own.computeIfAbsent(port, this::line);
    }
    return redis.settings(port -> own.computeIfAbsent(port, this::line).port());
  }

  private Line line(int port) {
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return board.line(List.of(target), () -> new TopicSieve(hush));
  }

  /** Whether messages of topics reach the servers. */
  public Hush hush() {
    return hush;
  }

  /** The lines of one server, from 0. */
  public Collection<Line> of(int server) {
    return List.copyOf(lines.getOrDefault(server, Map.of()).values());
  }

  /** The lines of all servers. */
  public Collection<Line> all() {
    List<Line> all = new ArrayList<>();
    lines.keySet().forEach(server -> all.addAll(of(server)));
    return all;
  }
}
