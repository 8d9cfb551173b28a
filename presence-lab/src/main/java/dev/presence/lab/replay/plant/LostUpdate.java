package dev.presence.lab.replay.plant;

import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.stage.Tap;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import java.util.List;

/**
 * Drops one frame of changes: one that says that somebody came online who then stays for a while,
 * with one device, on its way to a client that stays as well. So nothing repairs it.
 */
final class LostUpdate implements Plant, Tap {

  private static final long STAY_MILLIS = 3_000;

  private final Stayers stayers;
  private String done = "";

  LostUpdate(Plan plan, List<String> users) {
    stayers = new Stayers(plan, users);
  }

  @Override
  public Tap tap() {
    return this;
  }

  @Override
  public synchronized void began(PlannedSession client) {
    stayers.began(client);
  }

  @Override
  public synchronized List<ServerMessage> pass(PlannedSession client, ServerMessage message) {
    if (done.isEmpty() && message.hasChanges() && stayers.stays(client, 0, STAY_MILLIS)) {
      for (Presence presence : message.getChanges().getPresencesList()) {
        PlannedSession other = stayers.only(presence.getUserId());
        if (presence.getState() == PresenceState.PRESENCE_STATE_ONLINE
            && other != null
            && stayers.stays(other, 0, STAY_MILLIS)) {
          done = "dropped a frame that said that user %s is online".formatted(presence.getUserId());
          return List.of();
        }
      }
    }
    return List.of(message);
  }

  @Override
  public synchronized String done() {
    return done;
  }
}
