package dev.presence.lab.chaos.stage;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks how busy the machine is: what is measured on one that is saturated says little. */
public final class Machine implements AutoCloseable {

  /** A second in which all cores are busier than this counts as saturated. */
  private static final double SATURATED = 0.97;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final List<Double> loads = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("machine").unstarted(task));

  /** Begins to look. */
  public Machine() {
    var _ = thread.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private synchronized void look() {
    loads.add(system.getCpuLoad());
  }

  /** How busy it was since the last call, in words. */
  public synchronized String since() {
    double mean = loads.stream().mapToDouble(load -> load).average().orElse(0);
    long saturated = loads.stream().filter(load -> load > SATURATED).count();
    long seconds = loads.size();
    loads.clear();
    return "CPU %.0f %%%s"
        .formatted(
            100 * mean,
            saturated == 0 ? "" : ", saturated for %d of %d s".formatted(saturated, seconds));
  }

  /** Cores and memory, for a table. */
  public String description() {
    return "%d cores, %.0f GiB"
        .formatted(system.getAvailableProcessors(), system.getTotalMemorySize() / Math.pow(2, 30));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
