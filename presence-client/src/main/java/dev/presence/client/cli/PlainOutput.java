package dev.presence.client.cli;

import dev.presence.client.ConnectionState;
import dev.presence.client.Presence;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceState;
import dev.presence.client.SessionInfo;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** One line an event, for programs to read. The format is a promise, made by the help text. */
final class PlainOutput implements PresenceListener {
  private final PrintWriter out;
  private boolean greeted;

  PlainOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onHello(SessionInfo info) {
    greeted = true;
    say(
        "hello node="
            + info.node()
            + " session="
            + info.sessionId()
            + " resumed="
            + info.resumed());
  }

  @Override
  public void onState(ConnectionState state) {
    if (greeted) {
      say("state " + state.phase() + state.reason().map(reason -> " " + reason).orElse(""));
    }
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    StringBuilder line = new StringBuilder("snapshot");
    for (Presence contact : new TreeMap<>(contacts).values()) {
      if (contact.state() != PresenceState.OFFLINE) {
        line.append(' ').append(contact.userId()).append('=').append(contact.state());
      }
    }
    say(line.toString());
  }

  @Override
  public void onChange(Presence contact) {
    say(
        contact.userId()
            + " "
            + contact.state()
            + contact.lastSeen().map(seen -> " last_seen=" + seen).orElse(""));
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
