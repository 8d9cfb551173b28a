package dev.presence.lab.replay.oracle;

import java.util.List;

/**
 * A moment at which nothing was going on, and what every live client showed then.
 *
 * @param number 1 for the first one
 * @param atMicros when
 * @param people how many people were online when the schedule stopped
 * @param views what each live client showed
 */
public record Checkpoint(int number, long atMicros, int people, List<ClientView> views) {

  /**
   * What one client showed.
   *
   * @param log the client
   * @param view what it showed
   */
  public record ClientView(SessionLog log, View view) {}
}
