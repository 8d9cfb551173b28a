package dev.presence.lab.chaos.stage;

import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The Redis of a run, of whatever topology, and what can be done to it. */
public interface RedisUnderChaos extends AutoCloseable {

  /** The ports to which servers connect, those of sentinels too. */
  List<Integer> ports();

  /**
   * Settings by which a server finds it, see the server's {@code --help}.
   *
   * @param way by the port of a process the one at which this server reaches it
   */
  Map<String, String> settings(IntUnaryOperator way);

  /** Settings by which any server finds it without a line of ours. */
  Map<String, String> straight();

  /** Kills all of it at once, as by kill -9: what it holds is lost. */
  void kill();

  /** Starts it again after {@link #kill}, empty; returns when it answers. */
  void startEmpty();

  /** Empties every master. */
  void flush();

  /** Cuts all connections that subscribe. Returns how many these were. */
  long killSubscribers();

  /** How many commands all masters have executed since they started. */
  long commands();

  /** Loses a master, and lets a replica that lags behind take over. */
  Failover failover();

  /**
   * Moves the slots that hold keys to other masters, while they are in use.
   *
   * @return how many keys moved; none where there are no slots
   */
  default int moveSlots() {
    return 0;
  }

  @Override
  void close();

  /** A master is lost. */
  interface Failover {

    /** Sees to it that there is a replica that is in step with its master. */
    void prepare();

    /** From now on replicas hear no more of what is written: it will be lost. */
    void holdReplication();

    /** How many bytes of changes replicas have missed since: they are lost with the master. */
    long missed();

    /** Kills a master; returns when a replica has taken over, so that clients can see it. */
    void killMaster();

    /** Brings the lost process back as a replica, for the next time. */
    void mend();
  }
}
