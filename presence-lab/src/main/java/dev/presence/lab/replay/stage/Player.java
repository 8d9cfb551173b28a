package dev.presence.lab.replay.stage;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.ConnectionState.Phase;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.SessionInfo;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.Ending;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.plan.StatusChange;
import dev.presence.lab.replay.plan.StatusChange.Status;
import io.grpc.Channel;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session of the plan: a real client, what it does when, and what it is told. What it does runs
 * on the schedule's thread; what it is told comes on the library's loop.
 */
final class Player implements PresenceListener {

  /** After a resume it stays for so long, and then signs out. */
  private static final long ENCORE_MILLIS = 2_000;

  private static final long QUIET_BEFORE_CUT_MICROS = 400_000;

  /** What cannot be done yet is tried again. */
  private static final long RETRY_MILLIS = 100;

  private final Company company;
  private final PlannedSession plan;
  private final Wire wire;
  final SessionLog log;
  private @Nullable PresenceSession session;
  private boolean wishing;
  private long openedMicros;
  private volatile boolean greeted;
  private volatile boolean away;
  private volatile @Nullable String node;
  private volatile boolean over;

  Player(Company company, PlannedSession plan) {
    this.company = company;
    this.plan = plan;
    log = new SessionLog(plan.user(), company.people().contacts().count(plan.user()));
    wire = new Wire(plan, log, company);
  }

  int user() {
    return plan.user();
  }

  void open() {
    openedMicros = company.clock().micros();
    String token = company.token(plan.user());
    session =
        PresenceClient.builder((Channel) wire)
            .tokens(() -> token)
            .device("replay")
            .callbackExecutor(Runnable::run)
            .build()
            .connect(this);
  }

  // What it does, on the schedule's thread.

  private void change(StatusChange change) {
    PresenceSession current = session;
    if (over || current == null) {
      return;
    }
    if (!wire.isUp() || !company.mayWish(plan.user(), change.status())) {
      company.schedule().after(RETRY_MILLIS, () -> change(change));
      return;
    }
    wishing = change.status() == Status.BUSY || change.status() == Status.AVAILABLE;
    company.truthChanges(0);
    switch (change.status()) {
      case AWAY -> current.setActivity(Activity.AWAY);
      case ACTIVE -> current.setActivity(Activity.ACTIVE);
      case BUSY -> current.setAvailability(Availability.BUSY);
      case AVAILABLE -> current.setAvailability(Availability.AVAILABLE);
    }
  }

  private void end() {
    if (over) {
      return;
    }
    if (!mayEnd()) {
      company.schedule().after(RETRY_MILLIS, this::end);
      return;
    }
    switch (plan.ending()) {
      case SIGN_OUT -> signOut();
      case CUT -> {
        company.attendance().left(this);
        company.truthChanges(Company.GRACE_MILLIS);
        company.tally().streamsCut.incrementAndGet();
        wire.cut(-1, plan.server());
        finish();
      }
      case CUT_AND_RESUME -> {
        company.attendance().left(this);
        company.away(1);
        company.tally().streamsCut.incrementAndGet();
        away = true;
        wire.cut(plan.awayMillis(), plan.resumeServer());
      }
    }
  }

  /**
   * All has been said, and some time ago: nobody could know whether a message that is cut off
   * underway was heard.
   */
  private boolean mayEnd() {
    return wire.isUp()
        && wire.updatesSent() >= plan.statusChanges().size()
        && company.clock().micros() - log.lastSentMicros() >= QUIET_BEFORE_CUT_MICROS;
  }

  private void signOut() {
    PresenceSession current = session;
    if (over || current == null) {
      return;
    }
    if (!wire.isUp()) {
      company.schedule().after(RETRY_MILLIS, this::signOut);
      return;
    }
    company.attendance().left(this);
    company.truthChanges(0);
    wire.leaving();
    log.signOut(company.clock().micros());
    var _ = current.signOut();
  }

  private void finish() {
    PresenceSession current = session;
    if (over || current == null) {
      return;
    }
    over = true;
    if (wishing) {
      company.wished(plan.user()); // or never will be: nobody is to wait for it
    }
    wire.leaving();
    current.close();
    session = null;
    wire.close();
    company.finished();
  }

  // What it is told, on the library's loop.

  @Override
  public void onHello(SessionInfo info) {
    log.hello(company.clock().micros(), company.clock().wallMillis(), info.sessionId());
    company.truthChanges(0);
    company.attendance().arrived(this);
    if (!greeted) {
      greeted = true;
      node = info.node();
      openingIsOver();
      company.schedule().after(plan.holdMillis(), this::end);
      for (StatusChange change : plan.statusChanges()) {
        company.schedule().after(change.afterMillis(), () -> change(change));
      }
    } else if (away) {
      away = false;
      company.away(-1);
      countResume(info);
      company.schedule().after(ENCORE_MILLIS, this::signOut);
    }
  }

  private void openingIsOver() {
    long now = company.clock().micros();
    company.pacer().opened(now, now - openedMicros);
  }

  private void countResume(SessionInfo info) {
    if (!info.resumed()) {
      company.tally().refusedResumes.incrementAndGet();
    } else if (info.node().equals(node)) {
      company.tally().resumesSame.incrementAndGet();
    } else {
      company.tally().resumesOther.incrementAndGet();
    }
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    long now = company.clock().micros();
    People people = company.people();
    for (int position = 0; position < people.contacts().count(plan.user()); position++) {
      int contact = people.contacts().contact(plan.user(), position);
      Presence presence = contacts.get(people.ids().get(contact));
      if (presence == null) {
        log.views().told(now, position, Seen.OFFLINE, 0);
      } else {
        told(now, position, presence);
      }
    }
  }

  @Override
  public void onChange(Presence contact) {
    int position = company.people().position(plan.user(), contact.userId());
    if (position < 0) {
      company.tally().strangers.incrementAndGet();
      return;
    }
    told(company.clock().micros(), position, contact);
  }

  private void told(long now, int position, Presence presence) {
    Seen seen =
        switch (presence.state()) {
          case OFFLINE -> Seen.OFFLINE;
          case ONLINE -> Seen.ONLINE;
          case AWAY -> Seen.AWAY;
          case BUSY -> Seen.BUSY;
          case UNKNOWN -> Seen.UNKNOWN;
        };
    long lastSeen = presence.lastSeen().map(Instant::toEpochMilli).orElse(0L);
    log.views().told(now, position, seen, lastSeen);
  }

  @Override
  public void onState(ConnectionState state) {
    if (state.phase() == Phase.OFFLINE) {
      company.schedule().after(0, () -> gone(state));
    }
  }

  /** The library is done with the session, which is right only after it was asked to be. */
  private void gone(ConnectionState state) {
    if (over) {
      return;
    }
    if (!wire.isLeaving()) {
      company.gaveUp(plan, state);
      company.attendance().left(this);
      if (!greeted) {
        openingIsOver();
      } else if (away) {
        company.away(-1);
      }
    }
    finish();
  }

  @Override
  public String toString() {
    return "session " + plan.index() + (plan.ending() == Ending.SIGN_OUT ? "" : " (to be cut)");
  }
}
