package dev.presence.lab.store;

import java.nio.file.Path;
import java.util.List;

/** How Redis is made up. */
public enum RedisKind {
  /** One process. */
  SINGLE {
    @Override
    public RedisTopology start(Path directory, Orphans orphans, List<String> options) {
      return LocalRedis.start(FreePorts.any(), directory, orphans, options.toArray(String[]::new));
    }
  },
  /** A master and two replicas, watched by three Sentinels. */
  SENTINEL {
    @Override
    public RedisTopology start(Path directory, Orphans orphans, List<String> options) {
      return LocalSentinel.start(directory, orphans, options);
    }
  },
  /** Three masters, which share the keys, each with a replica. */
  CLUSTER {
    @Override
    public RedisTopology start(Path directory, Orphans orphans, List<String> options) {
      return LocalCluster.start(directory, orphans, options);
    }
  };

  /**
   * Starts it on free ports.
   *
   * @param directory for logs and configuration
   * @param options for each redis-server, as on its command line, such as {@code --user} for one
   *     more user; the default user stays as it is, by whom replicas and Sentinels log in
   * @throws IllegalStateException if it does not start; the message says why, in one line
   */
  public abstract RedisTopology start(Path directory, Orphans orphans, List<String> options);
}
