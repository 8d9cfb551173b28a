package dev.presence.lab.fleet;

import dev.presence.lab.store.LocalPostgres;
import dev.presence.lab.store.RedisTopology;
import java.util.Map;

/** Leads servers to the stores by another way than the straight one, such as through a proxy. */
public interface Detour {

  /** The straight way. */
  Detour NONE = (server, redis, postgres) -> Map.of();

  /**
   * Settings of a server that replace those of the fleet. Asked at each of its starts.
   *
   * @param server which one, from 0
   */
  Map<String, String> settings(int server, RedisTopology redis, LocalPostgres postgres);
}
