package dev.presence.lab.replay.oracle;

import dev.presence.lab.replay.oracle.Life.Activity;
import dev.presence.lab.replay.oracle.Life.Reason;
import dev.presence.lab.replay.oracle.Life.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client did and was told. Thread-safe: its owner, the transport under the client library
 * and the library's callbacks write into it.
 */
public final class SessionLog {

  private final int user;
  private final ViewLog views;
  private final List<Life> ended = new ArrayList<>(1);
  private final List<Wished> wishes = new ArrayList<>(0);
  private final List<Span> ghosts = new ArrayList<>(0);

  // The session now.
  private @Nullable String sessionId;
  private long openMicros;
  private long openWallMillis;
  private boolean answered;
  private long bornMicros;
  private long helloMicros;
  private long bornWallMillis;
  private long helloWallMillis;
  private List<Activity> activities = new ArrayList<>(0);
  private List<Span> absences = new ArrayList<>(1);
  private long cutMicros = -1;
  private long signOutMicros = -1;

  // The last two messages that it sent.
  private long lastSentMicros;
  private long lastSentWallMillis;
  private long previousSentWallMillis;

  /** The log of a client of {@code user}, which has so many contacts. */
  public SessionLog(int user, int contacts) {
    this.user = user;
    views = new ViewLog(contacts);
  }

  /** Whose client it is. */
  public int user() {
    return user;
  }

  /** What it was told of its contacts. */
  public ViewLog views() {
    return views;
  }

  /** Open has been sent. */
  public synchronized void open(long atMicros, long wallMillis) {
    openMicros = atMicros;
    openWallMillis = wallMillis;
    answered = false;
    sent(atMicros, wallMillis);
  }

  /** A message has been sent; {@link #open} says it of itself. */
  public synchronized void sent(long atMicros, long wallMillis) {
    previousSentWallMillis = lastSentWallMillis;
    lastSentMicros = atMicros;
    lastSentWallMillis = wallMillis;
  }

  /** Hello has come. */
  public synchronized void hello(long atMicros, long wallMillis, String id) {
    answered = true;
    if (id.equals(sessionId)) {
      if (cutMicros >= 0) {
        absences.add(new Span(cutMicros, atMicros));
      }
      cutMicros = -1;
      return;
    }
    if (sessionId != null) {
      ended.add(life());
      activities = new ArrayList<>(0);
      absences = new ArrayList<>(0);
    }
    sessionId = id;
    bornMicros = openMicros;
    bornWallMillis = openWallMillis;
    helloMicros = atMicros;
    helloWallMillis = wallMillis;
    cutMicros = -1;
  }

  /** The client says whether somebody is at the device. */
  public synchronized void activity(long atMicros, boolean away) {
    activities.add(new Activity(atMicros, away));
  }

  /** The client says whether the user wishes to be shown as busy. */
  public synchronized void wish(long atMicros, boolean busy) {
    wishes.add(new Wished(atMicros, busy));
  }

  /** The path is being cut, by plan or not: its last stream brings nothing any more. */
  public synchronized void cut(long atMicros) {
    if (!answered) {
      // Nobody told us of a session, but there may be one, for as long as its grace period lasts.
      ghosts.add(new Span(openMicros, atMicros + Rules.GRACE_MICROS + Rules.DELIVERY_MICROS));
    }
    if (sessionId != null && cutMicros < 0) {
      cutMicros = atMicros;
    }
  }

  /** The user signs out. */
  public synchronized void signOut(long atMicros) {
    signOutMicros = atMicros;
  }

  /** The id of its session, null before hello. */
  public synchronized @Nullable String sessionId() {
    return sessionId;
  }

  /** When it sent its last message. */
  public synchronized long lastSentMicros() {
    return lastSentMicros;
  }

  /** All sessions that it was told of: one, if all went well. */
  synchronized List<Life> lives() {
    if (sessionId == null) {
      return List.copyOf(ended);
    }
    List<Life> lives = new ArrayList<>(ended);
    lives.add(life());
    return lives;
  }

  synchronized List<Wished> wishes() {
    return List.copyOf(wishes);
  }

  /** When there may have been sessions of which the client was not told. */
  synchronized List<Span> ghosts() {
    return List.copyOf(ghosts);
  }

  private Life life() {
    Reason reason = Reason.OPEN;
    long endMicros = Long.MAX_VALUE;
    List<Span> away = new ArrayList<>(absences);
    long signMin = lastSentWallMillis;
    if (cutMicros >= 0) {
      reason = Reason.CONNECTION_LOST;
      endMicros = cutMicros + Rules.GRACE_MICROS;
      away.add(new Span(cutMicros, endMicros));
      if (cutMicros - lastSentMicros <= Rules.MAY_BE_LOST_MICROS) {
        signMin = previousSentWallMillis;
      }
    } else if (signOutMicros >= 0) {
      reason = Reason.SIGNED_OUT;
      endMicros = signOutMicros;
    }
    return new Life(
        user,
        sessionId == null ? "" : sessionId,
        bornMicros,
        helloMicros,
        bornWallMillis,
        helloWallMillis,
        List.copyOf(activities),
        away,
        reason,
        endMicros,
        signMin,
        lastSentWallMillis);
  }
}
