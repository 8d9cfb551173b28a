package dev.presence.lab.replay.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted while a run goes on. Thread-safe. */
public final class Tally {

  final AtomicLong heartbeats = new AtomicLong();
  final AtomicLong changes = new AtomicLong();
  final AtomicLong resumesSame = new AtomicLong();
  final AtomicLong resumesOther = new AtomicLong();
  final AtomicLong refusedResumes = new AtomicLong();
  final AtomicLong streamsCut = new AtomicLong();
  final AtomicLong connectionsDropped = new AtomicLong();
  final AtomicLong unplannedBreaks = new AtomicLong();
  final AtomicLong strangers = new AtomicLong();
  final AtomicLong webSessions = new AtomicLong();
  final AtomicLong webResumes = new AtomicLong();
  final AtomicLong statusChanges = new AtomicLong();
  final AtomicLong opened = new AtomicLong();
  final AtomicLong finished = new AtomicLong();
  private final List<String> givenUp = new ArrayList<>();
  private final List<String> failedCalls = new ArrayList<>();
  private long minAwayMicros = Long.MAX_VALUE;
  private long maxAwayMicros;
  private long maxSlipMicros;

  synchronized void away(long micros) {
    minAwayMicros = Math.min(minAwayMicros, micros);
    maxAwayMicros = Math.max(maxAwayMicros, micros);
  }

  synchronized void slip(long micros) {
    maxSlipMicros = Math.max(maxSlipMicros, micros);
  }

  /** Heartbeats sent. */
  public long heartbeats() {
    return heartbeats.get();
  }

  /** Presences that came in frames other than snapshots. */
  public long changes() {
    return changes.get();
  }

  /** Sessions that went on after a cut, on the server that they had been on. */
  public long resumesSame() {
    return resumesSame.get();
  }

  /** Sessions that went on after a cut, on the other server. */
  public long resumesOther() {
    return resumesOther.get();
  }

  /** Sessions that came back in time, and were told that they are new. */
  public long refusedResumes() {
    return refusedResumes.get();
  }

  /** Cuts of a stream. */
  public long streamsCut() {
    return streamsCut.get();
  }

  /** Cuts of a whole TCP connection. */
  public long connectionsDropped() {
    return connectionsDropped.get();
  }

  /** Streams that ended or were given up without the plan's doing. */
  public long unplannedBreaks() {
    return unplannedBreaks.get();
  }

  synchronized void gaveUp(String user, String why) {
    givenUp.add("user " + user + ": " + why);
  }

  /** Sessions that the library gave up, and why. */
  public synchronized List<String> givenUp() {
    return List.copyOf(givenUp);
  }

  synchronized void failed(String why) {
    failedCalls.add(why);
  }

  /** Calls of web sessions beside their streams that failed on a path that was not cut. */
  public synchronized List<String> failedCalls() {
    return List.copyOf(failedCalls);
  }

  /** Sessions that the web library held. */
  public long webSessions() {
    return webSessions.get();
  }

  /** Of the sessions that went on after a cut: those that the web library held. */
  public long webResumes() {
    return webResumes.get();
  }

  /** Presences that came of people who are no contacts. */
  public long strangers() {
    return strangers.get();
  }

  /** Status changes sent. */
  public long statusChanges() {
    return statusChanges.get();
  }

  /** Sessions that were begun. */
  public long opened() {
    return opened.get();
  }

  /** Sessions that have ended. */
  public long finished() {
    return finished.get();
  }

  /** The shortest time that a client was away between a cut and its next stream; 0 if none was. */
  public synchronized double minAwaySeconds() {
    return maxAwayMicros == 0 ? 0 : minAwayMicros / 1e6;
  }

  /** The longest one. */
  public synchronized double maxAwaySeconds() {
    return maxAwayMicros / 1e6;
  }

  /** How far a session began behind its time, at most. */
  public synchronized double maxSlipSeconds() {
    return maxSlipMicros / 1e6;
  }
}
