package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.clients.WebEvent;
import dev.presence.lab.clients.WebListener;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.Ending;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.lab.replay.plan.StatusChange.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session held by the web library in the Node process. What happens there is written down in the
 * order and with the times in which it happened; {@link #hear} runs on one thread.
 */
final class WebDevice implements Device, WebListener {

  /** How a path is cut, see {@code road.mjs}. */
  private static final String CONNECTION = "connection";

  private static final String STREAM = "stream";
  private static final String SILENCE = "silence";

  private final WebCompany web;
  private final Company company;
  private final PlannedSession plan;
  private final Player player;
  private final SessionLog log;
  private final Sight sight;
  private volatile boolean up;
  private volatile boolean leaving;
  private final AtomicInteger updatesSent = new AtomicInteger();

  WebDevice(WebCompany web, Company company, PlannedSession plan, Player player, SessionLog log) {
    this.web = web;
    this.company = company;
    this.plan = plan;
    this.player = player;
    this.log = log;
    sight = new Sight(company, log);
  }

  @Override
  public void open(String token) {
    company.tally().webSessions.incrementAndGet();
    web.enter(plan.index(), this);
    send("open", Map.of("token", token));
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public int updatesSent() {
    return updatesSent.get();
  }

  @Override
  public void change(Status status) {
    send(
        "status",
        switch (status) {
          case AWAY -> Map.of("activity", "away");
          case ACTIVE -> Map.of("activity", "active");
          case BUSY -> Map.of("availability", "busy");
          case AVAILABLE -> Map.of("availability", "available");
        });
  }

  /** The next stream leads where Envoy leads it. */
  @Override
  public void cut(long awayMillis, int nextServer) {
    send("cut", Map.of("away", awayMillis, "how", howToCut()));
  }

  /** Silently half of those that never return: the others are to be back before they notice. */
  private String howToCut() {
    if (plan.cutsConnection()) {
      return CONNECTION;
    }
    return plan.ending() == Ending.CUT && plan.server() == 0 ? SILENCE : STREAM;
  }

  @Override
  public void signOut() {
    leaving = true;
    send("signOut", Map.of());
  }

  @Override
  public boolean isLeaving() {
    return leaving;
  }

  @Override
  public void close() {
    leaving = true;
    send("close", Map.of());
  }

  private void send(String verb, Map<String, Object> more) {
    Map<String, Object> command = new HashMap<>(more);
    command.put(verb, plan.index());
    web.send(command);
  }

  @Override
  public void hear(WebEvent event) {
    long at = web.micros(event);
    switch (event.kind()) {
      case "open" -> opens(event, at);
      case "sent" -> sent(event, at);
      case "hello" -> hello(event, at);
      case "friends" -> friends(event, at);
      case "cut" -> cut(at);
      case "noticed" -> player.onCutOver();
      case "broke" -> broke(at);
      case "failed" -> company.tally().failed(event.text("why"));
      case "signOut" -> log.signOut(at);
      case "offline" -> player.onGone(event.text("why"));
      case "closed" -> closed(event);
      default -> throw new IllegalStateException("unknown event " + event);
    }
  }

  private void opens(WebEvent event, long at) {
    log.open(at, event.wallMillis());
    if (event.has("awayMillis")) {
      company.tally().away(event.number("awayMillis") * 1_000);
    }
  }

  private void sent(WebEvent event, long at) {
    log.sent(at, event.wallMillis());
    if (event.is("heartbeat")) {
      company.tally().heartbeats.incrementAndGet();
    }
    WebEvent status = event.part("status");
    if (status != null) {
      company.tally().statusChanges.incrementAndGet();
      if (status.has("away")) {
        log.activity(at, status.is("away"));
      }
      if (status.has("busy")) {
        // Sent again after a reconnect, a wish is as old as it is.
        log.wish(at - status.number("ageMillis") * 1_000, status.is("busy"));
        company.wished(plan.user());
      }
      updatesSent.incrementAndGet();
    }
  }

  private void hello(WebEvent event, long at) {
    up = true;
    boolean resumed = event.is("resumed");
    if (resumed) {
      company.tally().webResumes.incrementAndGet();
    }
    player.onHello(
        new Greeting(at, event.wallMillis(), event.text("sessionId"), event.text("node"), resumed));
  }

  private void friends(WebEvent event, long at) {
    Set<String> named = new HashSet<>();
    for (Object each : event.list("told")) {
      List<?> told = (List<?>) each;
      String contact = (String) told.get(0);
      named.add(contact);
      sight.told(at, contact, seen((String) told.get(1)), ((Number) told.get(2)).longValue());
    }
    if (event.is("whole")) {
      sight.offlineExcept(at, named);
    }
  }

  private static Seen seen(String state) {
    return switch (state) {
      case "offline" -> Seen.OFFLINE;
      case "online" -> Seen.ONLINE;
      case "away" -> Seen.AWAY;
      case "busy" -> Seen.BUSY;
      case "unknown" -> Seen.UNKNOWN;
      default -> throw new IllegalStateException("unknown state " + state);
    };
  }

  private void cut(long at) {
    up = false;
    log.cut(at);
    if (plan.cutsConnection()) {
      company.tally().connectionsDropped.incrementAndGet();
    }
    player.onCut();
    if (!howToCut().equals(SILENCE)) {
      player.onCutOver();
    }
  }

  private void broke(long at) {
    up = false;
    log.cut(at);
    company.tally().unplannedBreaks.incrementAndGet();
  }

  private void closed(WebEvent event) {
    company.tally().changes.addAndGet(event.number("changes"));
    web.leave(plan.index());
    player.onClosed();
  }
}
