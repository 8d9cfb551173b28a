package dev.presence.lab.chaos.stage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Kills all of it at once, as by kill -9: what it holds is lost. */
  void kill();

  /** Starts it again after {@link #kill}, empty; returns when it answers. */
  void startEmpty();

  /**
   * Gives a command to each master.
   *
   * @return the first line of each answer; empty where there is none
   */
  List<String> tellMasters(String command);

  /** How many commands all masters have executed since they started. */
  long commands();

  /** Loses its master, and lets a replica that lags behind take over; none where it has none. */
  default Optional<Failover> failover() {
    return Optional.empty();
  }

  /** Moves slots while they are in use; none where there are no slots. */
  default Optional<SlotMove> slotMove() {
    return Optional.empty();
  }

  @Override
  void close();

  /** A master is lost. */
  interface Failover {

    /** Sees to it that there is a replica that is in step with its master. */
    void prepare();

    /** From now on replicas hear no more of what is written: it will be lost. */
    void holdReplication();

    /** Kills a master; returns when a replica has taken over, so that clients can see it. */
    void killMaster();

    /** Brings the lost process back as a replica, for the next time. */
    void mend();
  }

  /** Slots move to another master. */
  interface SlotMove {

    /**
     * Moves some slots that hold keys; returns when they have moved.
     *
     * @return how many keys moved
     */
    int move();
  }
}
