package dev.presence.lab.chaos.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that stand for thousands of machines take what processor time the servers leave, as
 * long as this is open: where all share a few cores, the clients' own work would else be taken for
 * the servers' slowness. By {@code autogroup}, sched(7); without that they yield nothing.
 */
public final class Yielding implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Yielding.class);

  private static final String LOW = "15";

  /** Who is not the administrator may change this ten times a second, whoever it is about. */
  private static final long AGAIN_MILLIS = 150;

  private static final Pattern NICE = Pattern.compile("nice (-?\\d+)");

  private record Lowered(Path autogroup, String before) {}

  private final List<Lowered> lowered = new ArrayList<>();

  Yielding(List<Long> pids) {
    for (long pid : pids) {
      Path autogroup = Path.of("/proc", Long.toString(pid), "autogroup");
      try {
        Matcher nice = NICE.matcher(Files.readString(autogroup));
        if (nice.find()) {
          write(autogroup, LOW);
          lowered.add(new Lowered(autogroup, nice.group(1)));
        }
      } catch (IOException e) {
        log.atInfo().addKeyValue("pid", pid).setCause(e).log("does not yield to the servers");
      }
    }
  }

  private static void write(Path autogroup, String nice) throws IOException {
    try {
      Files.writeString(autogroup, nice);
    } catch (IOException e) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS));
      Files.writeString(autogroup, nice);
    }
  }

  /** Gives the session of the terminal its share back. */
  @Override
  public void close() {
    for (Lowered one : lowered.reversed()) { // two may have one session
      try {
        write(one.autogroup, one.before);
      } catch (IOException e) {
        log.atInfo().setCause(e).log("has ended, or yields on");
      }
    }
  }
}
