package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.Ending;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.plan.StatusChange;
import dev.presence.lab.replay.plan.StatusChange.Status;
import org.jspecify.annotations.Nullable;

/**
 * One session of the plan: what it does when, and what comes of it. What it does runs on the
 * schedule's thread; what it is told comes on any.
 */
final class Player {

  /** After a resume it stays for so long, and then signs out. */
  private static final long ENCORE_MILLIS = 2_000;

  private static final long QUIET_BEFORE_CUT_MICROS = 400_000;

  /** What cannot be done yet is tried again. */
  private static final long RETRY_MILLIS = 100;

  private final Company company;
  private final PlannedSession plan;
  private final Device device;
  final SessionLog log;
  private boolean wishing;
  private boolean over;
  private long openedMicros;
  private volatile boolean greeted;
  private volatile boolean away;
  private volatile @Nullable String node;

  Player(Company company, PlannedSession plan) {
    this.company = company;
    this.plan = plan;
    log = new SessionLog(plan.user(), company.people().contacts().count(plan.user()));
    WebCompany web = company.roads().web();
    device =
        plan.web() && web != null
            ? new WebDevice(web, company, plan, this, log)
            : new JavaDevice(company, plan, this, log);
  }

  int user() {
    return plan.user();
  }

  void open() {
    openedMicros = company.clock().micros();
    device.open(company.token(plan.user()));
  }

  // What it does, on the schedule's thread.

  private void change(StatusChange change) {
    if (over) {
      return;
    }
    if (!device.isUp() || !company.mayWish(plan.user(), change.status())) {
      company.schedule().after(RETRY_MILLIS, () -> change(change));
      return;
    }
    wishing = change.status() == Status.BUSY || change.status() == Status.AVAILABLE;
    company.truthChanges(0);
    device.change(change.status());
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
        device.cut(-1, plan.server());
      }
      case CUT_AND_RESUME -> {
        company.attendance().left(this);
        company.away(1);
        company.tally().streamsCut.incrementAndGet();
        away = true;
        device.cut(plan.awayMillis(), plan.resumeServer());
      }
    }
  }

  /**
   * All has been said, and some time ago: nobody could know whether a message that is cut off
   * underway was heard.
   */
  private boolean mayEnd() {
    return device.isUp()
        && device.updatesSent() >= plan.statusChanges().size()
        && company.clock().micros() - log.lastSentMicros() >= QUIET_BEFORE_CUT_MICROS;
  }

  private void signOut() {
    if (over) {
      return;
    }
    if (!device.isUp()) {
      company.schedule().after(RETRY_MILLIS, this::signOut);
      return;
    }
    company.attendance().left(this);
    company.truthChanges(0);
    device.signOut();
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    if (wishing) {
      company.wished(plan.user()); // or never will be: nobody is to wait for it
    }
    device.close();
  }

  // What it is told, on any thread.

  /** A server has begun or resumed its session. */
  void onHello(Greeting hello) {
    log.hello(hello.atMicros(), hello.wallMillis(), hello.sessionId());
    company.truthChanges(0);
    company.attendance().arrived(this);
    if (!greeted) {
      greeted = true;
      company.roads().tap().began(plan);
      node = hello.node();
      openingIsOver();
      company.schedule().after(plan.holdMillis(), this::end);
      for (StatusChange change : plan.statusChanges()) {
        company.schedule().after(change.afterMillis(), () -> change(change));
      }
    } else if (away) {
      away = false;
      company.away(-1);
      countResume(hello);
      company.schedule().after(ENCORE_MILLIS, this::signOut);
    }
  }

  private void openingIsOver() {
    long now = company.clock().micros();
    company.pacer().opened(now, now - openedMicros);
  }

  private void countResume(Greeting hello) {
    if (!hello.resumed()) {
      company.tally().refusedResumes.incrementAndGet();
    } else if (hello.node().equals(node)) {
      company.tally().resumesSame.incrementAndGet();
    } else {
      company.tally().resumesOther.incrementAndGet();
    }
  }

  /** Its path has been cut as it was asked to be. */
  void onCut() {
    if (plan.ending() == Ending.CUT) {
      company.truthChanges(Company.GRACE_MILLIS);
    }
  }

  /** Nothing more is expected of a library whose path stays cut for ever. */
  void onCutOver() {
    if (plan.ending() == Ending.CUT) {
      company.schedule().after(0, this::finish);
    }
  }

  /** The library is done with the session, which is right only after it was asked to be. */
  void onGone(String why) {
    company.schedule().after(0, () -> gone(why));
  }

  private void gone(String why) {
    if (over) {
      return;
    }
    if (!device.isLeaving()) {
      company.gaveUp(plan, why);
      company.attendance().left(this);
      if (!greeted) {
        openingIsOver();
      } else if (away) {
        company.away(-1);
      }
    }
    finish();
  }

  /** Its device is closed. */
  void onClosed() {
    company.finished();
  }

  @Override
  public String toString() {
    return "session " + plan.index() + (plan.ending() == Ending.SIGN_OUT ? "" : " (to be cut)");
  }
}
