package dev.presence.lab.store;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts children out of reach of the terminal's Ctrl-C, which goes to every process of the group:
 * the launcher alone hears it, and stops them in order.
 */
public final class Detached {

  private static final boolean SETSID = onPath("setsid");

  private Detached() {}

  /** The command line that runs {@code command} in a session of its own, where the machine can. */
  public static List<String> command(String... command) {
    return command(List.of(command));
  }

  /** The command line that runs {@code command} in a session of its own, where the machine can. */
  public static List<String> command(List<String> command) {
    List<String> detached = new ArrayList<>();
    if (SETSID) {
      detached.add("setsid");
    }
    detached.addAll(command);
    return detached;
  }

  private static boolean onPath(String tool) {
    String path = System.getenv("PATH");
    if (path != null) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        if (new File(folder, tool).canExecute()) {
          return true;
        }
      }
    }
    return false;
  }
}
