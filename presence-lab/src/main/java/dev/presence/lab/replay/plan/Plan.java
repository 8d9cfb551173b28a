package dev.presence.lab.replay.plan;

import dev.presence.lab.replay.plan.ChatLog.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a replay does: people, contacts, and sessions in the order of their starts.
 *
 * @param users ids of all people, those included who never come
 * @param contacts who knows whom
 * @param sessions all sessions, by start
 */
public record Plan(List<String> users, Contacts contacts, List<PlannedSession> sessions) {

  /** A user's messages this far apart, or closer, belong to one session. */
  static final long MAX_GAP_SECONDS = 900;

  /** A session goes on for this long after its last message. */
  static final long LINGER_SECONDS = 300;

  /**
   * How the log is to be played.
   *
   * @param seed decides all that the log does not say
   * @param speed by how much starts are compressed
   * @param limit the most sessions; the first ones are played
   * @param holds how long sessions are held
   */
  public record Options(long seed, double speed, int limit, Holds holds) {}

  private record Logged(int user, long start, long end) {}

  /** Makes the plan. */
  public static Plan of(ChatLog log, Options options) {
    List<Logged> logged = sessions(log);
    int count = Math.min(options.limit(), logged.size());
    List<PlannedSession> planned = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      planned.add(planned(i, logged.get(i), logged.getFirst().start(), options));
    }
    return new Plan(log.users(), Contacts.of(log), List.copyOf(planned));
  }

  /** People who have no session. */
  public int absentees() {
    return users.size() - (int) sessions.stream().mapToInt(PlannedSession::user).distinct().count();
  }

  /** From the first start to the last one, on the schedule's clock. */
  public long spanMillis() {
    return sessions.isEmpty() ? 0 : sessions.getLast().startMillis();
  }

  /** From a message sent by the user until some time after the last one sent without a long gap. */
  private static List<Logged> sessions(ChatLog log) {
    List<Logged> sessions = new ArrayList<>();
    long[] start = new long[log.users().size()];
    long[] last = new long[log.users().size()];
    Arrays.fill(start, -1);
    for (Message message : log.messages()) {
      int user = message.from();
      long now = message.unixSeconds();
      if (start[user] >= 0 && now - last[user] > MAX_GAP_SECONDS) {
        sessions.add(new Logged(user, start[user], last[user] + LINGER_SECONDS));
        start[user] = -1;
      }
      if (start[user] < 0) {
        start[user] = now;
      }
      last[user] = now;
    }
    for (int user = 0; user < start.length; user++) {
      if (start[user] >= 0) {
        sessions.add(new Logged(user, start[user], last[user] + LINGER_SECONDS));
      }
    }
    sessions.sort(Comparator.comparingLong(Logged::start).thenComparingInt(Logged::user));
    return sessions;
  }

  private static PlannedSession planned(int index, Logged logged, long origin, Options options) {
    Chance chance = new Chance(options.seed(), index);
    int hold = chance.hold(options.holds());
    List<StatusChange> changes = chance.statusChanges(hold);
    Ending ending = chance.ending();
    boolean cutsConnection = chance.cutsConnection(ending);
    int server = chance.server();
    int resumeServer = chance.resumeServer(server);
    return new PlannedSession(
        index,
        logged.user(),
        logged.start(),
        logged.end(),
        Math.round((logged.start() - origin) * 1_000.0 / options.speed()),
        hold,
        changes,
        ending,
        cutsConnection,
        server,
        resumeServer,
        chance.away(),
        Chance.web(options.seed(), index));
  }
}
