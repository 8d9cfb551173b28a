package dev.presence.lab.replay.plant;

import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.stage.Tap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A fault on purpose: in what comes over the wire, or in the history. */
public interface Plant {

  /** What can be planted. */
  enum Kind {
    /** A frame with a change is dropped between wire and library. */
    LOST_UPDATE,
    /** A frame that says that a user is offline is forged between wire and library. */
    EARLY_OFFLINE,
    /** A row of the history is deleted. */
    LOST_ROW,
    /** A row is inserted into the history. */
    EXTRA_ROW;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The inverse of {@link #toString}. */
    public static Kind of(String written) {
      for (Kind kind : values()) {
        if (kind.toString().equals(written)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "expected one of " + Arrays.toString(values()) + ", found '" + written + "'");
    }
  }

  /** What happens on the wire. */
  default Tap tap() {
    return Tap.NONE;
  }

  /**
   * Called when the run is over and the servers have written everything, before anything is
   * compared.
   *
   * @param users ids of the people of this run
   */
  default void afterRun(Connection database, List<String> users) throws SQLException {}

  /** What has been done, for people; empty if no place was found for it. */
  String done();

  /**
   * Prepares a fault.
   *
   * @param users ids of the plan's people
   */
  static Plant of(Kind kind, Plan plan, List<String> users) {
    return switch (kind) {
      case LOST_UPDATE -> new LostUpdate(plan, users);
      case EARLY_OFFLINE -> new EarlyOffline(plan, users);
      case LOST_ROW -> new LostRow();
      case EXTRA_ROW -> new ExtraRow();
    };
  }
}
