package dev.presence.lab.replay.plant;

import dev.presence.lab.replay.plan.Plan;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.stage.Tap;
import dev.presence.v1.Changes;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceState;
import dev.presence.v1.ServerMessage;
import java.util.List;

/**
 * Forges a frame: it says that a contact is offline who is online and stays so for a while, and
 * follows a genuine one to a client that stays as well.
 */
final class EarlyOffline implements Plant, Tap {

  /** The client has its snapshot by then, and the other has been online for more than a second. */
  private static final long SINCE_MILLIS = 1_500;

  private static final long STAY_MILLIS = 1_000;

  private final Stayers stayers;
  private final Plan plan;
  private final List<String> users;
  private String done = "";

  EarlyOffline(Plan plan, List<String> users) {
    this.plan = plan;
    this.users = users;
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
    if (done.isEmpty() && stayers.stays(client, SINCE_MILLIS, STAY_MILLIS)) {
      for (int i = 0; i < plan.contacts().count(client.user()); i++) {
        String contact = users.get(plan.contacts().contact(client.user(), i));
        PlannedSession other = stayers.only(contact);
        if (other != null && stayers.stays(other, SINCE_MILLIS, STAY_MILLIS)) {
          done = "forged a frame that said that user %s is offline".formatted(contact);
          return List.of(message, offline(contact));
        }
      }
    }
    return List.of(message);
  }

  private static ServerMessage offline(String user) {
    return ServerMessage.newBuilder()
        .setChanges(
            Changes.newBuilder()
                .addPresences(
                    Presence.newBuilder()
                        .setUserId(user)
                        .setState(PresenceState.PRESENCE_STATE_OFFLINE)))
        .build();
  }

  @Override
  public synchronized String done() {
    return done;
  }
}
