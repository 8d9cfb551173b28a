package dev.presence.lab.chaos.crowd;

import dev.presence.lab.chaos.oracle.ClientLog;
import dev.presence.lab.chaos.oracle.Deed;
import dev.presence.lab.clients.RunClock;
import dev.presence.lab.clients.WebCompany;
import dev.presence.lab.clients.WebEvent;
import dev.presence.lab.clients.WebListener;
import dev.presence.lab.replay.oracle.Seen;
import dev.presence.lab.tcp.Line;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A client of the web library, in the Node process. */
final class WebClient extends Client implements WebListener {

  private final WebCompany web;
  private final int number;
  private final String token;
  private final Sight sight;
  private boolean ended;

  WebClient(
      ClientLog log,
      Circle circle,
      RunClock clock,
      Line line,
      String token,
      WebCompany web,
      int number) {
    super(log, clock, line);
    this.token = token;
    this.web = web;
    this.number = number;
    sight = new Sight(circle, log);
  }

  @Override
  void open() {
    web.enter(number, this);
    web.send(Map.of("open", number, "token", token, "url", "http://127.0.0.1:" + line.port()));
  }

  @Override
  void leave() {
    web.send(Map.of("signOut", number));
  }

  @Override
  void end() {
    if (!ended) {
      ended = true;
      web.send(Map.of("close", number));
      web.leave(number);
    }
  }

  @Override
  public void hear(WebEvent event) {
    long at = web.micros(event);
    switch (event.kind()) {
      case "open" -> log.note(at, Deed.OPENED);
      case "sent" -> log.note(at, Deed.SENT);
      case "hello" -> greeted(at, event.text("sessionId"), event.text("node"));
      case "friends" -> friends(event, at);
      case "broke" -> lost(at);
      case "offline" -> finished(at, event.text("why"));
      default -> {} // calls that fail are the library's affair, and the rest is ours
    }
  }

  private void friends(WebEvent event, long at) {
    Set<String> named = new HashSet<>();
    for (Object each : event.list("told")) {
      List<?> told = (List<?>) each;
      String contact = (String) told.get(0);
      named.add(contact);
      Seen seen = Seen.valueOf(((String) told.get(1)).toUpperCase(Locale.ROOT));
      sight.told(at, contact, seen, ((Number) told.get(2)).longValue());
    }
    if (event.is("whole")) {
      sight.offlineExcept(at, named);
    }
  }
}
