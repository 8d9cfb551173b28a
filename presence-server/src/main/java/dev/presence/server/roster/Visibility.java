package dev.presence.server.roster;

import dev.presence.server.model.UserId;

/**
 * Who may see whom. This is the one place that says so: push, snapshot, get, batch and list all ask
 * here.
 */
public final class Visibility {

  private Visibility() {}

  /**
   * Whether {@code viewer} may see {@code presentity}.
   *
   * @param mutual whether each of the two lists the other
   */
  public static boolean maySee(Viewer viewer, UserId presentity, boolean mutual) {
    return viewer.seesAll() || mutual || viewer.user().equals(presentity);
  }
}
