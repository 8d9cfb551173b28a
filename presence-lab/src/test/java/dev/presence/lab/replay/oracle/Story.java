package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.plan.ChatLog;
import dev.presence.lab.replay.plan.Contacts;
import dev.presence.lab.replay.plan.Holds;
import dev.presence.lab.replay.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hand-made run of ann, bob and eve, who all know each other. Times are seconds; the wall clock
 * is ahead of the monotonic one by a million seconds.
 */
final class Story {

  static final int ANN = 0;
  static final int BOB = 1;
  static final int EVE = 2;
  static final long WALL_MILLIS = 1_000_000_000;

  private static final List<String> USERS = List.of("ann", "bob", "eve");

  private final Contacts contacts;
  private final List<SessionLog> logs = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final List<HistoryRow> rows = new ArrayList<>();
  private int sessions;

  Story() {
    ChatLog log =
        new ChatLog(
            USERS,
            List.of(
                new ChatLog.Message(ANN, BOB, 1),
                new ChatLog.Message(BOB, EVE, 2),
                new ChatLog.Message(EVE, ANN, 3)));
    contacts = Plan.of(log, new Plan.Options(1, 1, 9, Holds.FULL)).contacts();
  }

  static long micros(double seconds) {
    return Math.round(seconds * 1e6);
  }

  static long wall(double seconds) {
    return WALL_MILLIS + Math.round(seconds * 1e3);
  }

  /** A client that connects: Open is sent, and hello comes 0.1 s later. */
  Client client(int user, double openSeconds) {
    return client(user, openSeconds, openSeconds + 0.1);
  }

  Client client(int user, double openSeconds, double helloSeconds) {
    Client client = new Client(user, "session-" + ++sessions);
    client.log.open(micros(openSeconds), wall(openSeconds));
    client.log.hello(micros(helloSeconds), wall(helloSeconds), client.id);
    logs.add(client.log);
    return client;
  }

  Story row(
      String sessionId, String user, double opened, double lastSign, @Nullable String reason) {
    rows.add(new HistoryRow(sessionId, user, wall(opened), wall(lastSign), reason));
    return this;
  }

  void checkpoint(double seconds, Client... clients) {
    List<Checkpoint.ClientView> views = new ArrayList<>();
    for (Client client : clients) {
      views.add(new Checkpoint.ClientView(client.log, client.log.views().view()));
    }
    checkpoints.add(new Checkpoint(checkpoints.size() + 1, micros(seconds), 1, views));
  }

  Verdict judge() {
    return Oracle.judge(new Evidence(USERS, contacts, logs, checkpoints, rows, WALL_MILLIS));
  }

  /** One client of the story. */
  final class Client {
    final String id;
    final SessionLog log;
    private final int user;

    Client(int user, String id) {
      this.user = user;
      this.id = id;
      log = new SessionLog(user, 2);
    }

    Client sees(double seconds, int contact, Seen seen) {
      return sees(seconds, contact, seen, 0);
    }

    Client sees(double seconds, int contact, Seen seen, long lastSeenWallMillis) {
      log.views().told(micros(seconds), contacts.position(user, contact), seen, lastSeenWallMillis);
      return this;
    }

    Client beats(double seconds) {
      log.sent(micros(seconds), wall(seconds));
      return this;
    }

    Client away(double seconds) {
      log.activity(micros(seconds), true);
      return beats(seconds);
    }

    Client active(double seconds) {
      log.activity(micros(seconds), false);
      return beats(seconds);
    }

    Client busy(double seconds) {
      log.wish(micros(seconds), true);
      return beats(seconds);
    }

    Client available(double seconds) {
      log.wish(micros(seconds), false);
      return beats(seconds);
    }

    Client cut(double seconds) {
      log.cut(micros(seconds));
      return this;
    }

    Client resumes(double seconds) {
      log.open(micros(seconds), wall(seconds));
      log.hello(micros(seconds + 0.1), wall(seconds + 0.1), id);
      return this;
    }

    Client signsOut(double seconds) {
      log.signOut(micros(seconds));
      return beats(seconds);
    }
  }
}
