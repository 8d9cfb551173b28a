package dev.presence.server.presence;

import dev.presence.server.model.Presence;

/** Makes shared presences for tests of other rooms. */
public final class SharedPresences {

  private SharedPresences() {}

  /** One that nobody has encoded yet. */
  public static SharedPresence of(Presence presence) {
    return new SharedPresence(presence);
  }
}
