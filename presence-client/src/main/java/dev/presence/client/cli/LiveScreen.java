package dev.presence.client.cli;

import dev.presence.client.Activity;
import dev.presence.client.Availability;
import dev.presence.client.ConnectionState;
import dev.presence.client.Contact;
import dev.presence.client.Presence;
import dev.presence.client.PresenceClient;
import dev.presence.client.PresenceListener;
import dev.presence.client.PresenceSession;
import dev.presence.client.SessionInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/** The friends on a terminal, drawn anew at each event and each second; and the keys. */
final class LiveScreen implements PresenceListener {
  private static final Duration NAMES_RETRY = Duration.ofSeconds(5);
  private static final long KEY_POLL_MILLIS = 200;
  private static final int CTRL_C = 3;
  private static final int END_OF_INPUT = -1;

  private final Terminal terminal;
  private final ScheduledExecutorService printer;
  private final PresenceClient client;
  private final Display display;
  private final FriendsPage.Marks marks;
  private final boolean colored;
  private final Attributes before;
  private final Friends friends = new Friends(); // on the printer only, as all below
  private Header header;
  private @Nullable PresenceSession session;
  private boolean namesAsked;
  private boolean left;
  private volatile boolean quit;

  LiveScreen(
      Terminal terminal, ScheduledExecutorService printer, PresenceClient client, String userId) {
    this.terminal = terminal;
    this.printer = printer;
    this.client = client;
    this.display = new Display(terminal, true);
    this.before = terminal.getAttributes();
    this.marks =
        terminal.encoding().newEncoder().canEncode('●')
            ? FriendsPage.Marks.UNICODE
            : FriendsPage.Marks.ASCII;
    String noColor = System.getenv("NO_COLOR");
    this.colored = noColor == null || noColor.isEmpty();
    this.header =
        new Header(
            userId,
            new ConnectionState(ConnectionState.Phase.CONNECTING, Optional.empty(), ""),
            Optional.empty(),
            Activity.ACTIVE,
            Availability.AVAILABLE);
  }

  void enter() {
    Attributes unused = terminal.enterRawMode();
    Terminal.SignalHandler unusedInt = terminal.handle(Signal.INT, signal -> quit = true);
    Terminal.SignalHandler unusedWinch =
        terminal.handle(Signal.WINCH, signal -> printer.execute(this::redraw));
    boolean unusedPut = terminal.puts(Capability.enter_ca_mode);
    unusedPut = terminal.puts(Capability.cursor_invisible);
    ScheduledFuture<?> unusedTick =
        printer.scheduleAtFixedRate(this::redraw, 0, 1, TimeUnit.SECONDS);
  }

  void attach(PresenceSession newSession) {
    printer.execute(() -> session = newSession);
  }

  /** Gives the terminal back. On any thread, any number of times. */
  void leave() {
    try {
      printer.submit(this::giveBack).get();
    } catch (RejectedExecutionException | ExecutionException e) {
      giveBack();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveBack() {
    if (!left) {
      left = true;
      boolean unused = terminal.puts(Capability.exit_ca_mode);
      unused = terminal.puts(Capability.cursor_normal);
      terminal.setAttributes(before);
      terminal.flush();
    }
  }

  /** Follows the keys until one says quit, the session ends, or the time is over. */
  void readKeys(Watch watch, long limitMillis) {
    long startNanos = System.nanoTime();
    while (!quit
        && !watch.awaitEnd(0)
        && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) < limitMillis) {
      int key = readKey();
      if (key == END_OF_INPUT) { // no keyboard: then until a signal, or the end
        boolean unused = watch.awaitEnd(1);
      } else {
        quit |= key == 'q' || key == 'Q' || key == CTRL_C;
        printer.execute(() -> pressed(key));
      }
    }
  }

  private int readKey() {
    try {
      return terminal.reader().read(KEY_POLL_MILLIS);
    } catch (IOException e) {
      return END_OF_INPUT;
    }
  }

  private void pressed(int key) {
    if (session == null) {
      return;
    }
    switch (key) {
      case 'b', 'B' -> wish(session, Availability.BUSY);
      case 'a', 'A' -> wish(session, Availability.AVAILABLE);
      case 'w', 'W' -> {
        Activity next = header.activity() == Activity.AWAY ? Activity.ACTIVE : Activity.AWAY;
        session.setActivity(next);
        header = header.with(next);
        redraw();
      }
      default -> {} // another key, or none
    }
  }

  private void wish(PresenceSession live, Availability availability) {
    live.setAvailability(availability);
    header = header.with(availability);
    redraw();
  }

  @Override
  public void onHello(SessionInfo info) {
    header = header.with(info);
    askForNames();
    redraw();
  }

  @Override
  public void onState(ConnectionState state) {
    header = header.with(state);
    redraw();
  }

  @Override
  public void onSnapshot(Map<String, Presence> contacts) {
    contacts.values().forEach(friends::told);
    redraw();
  }

  @Override
  public void onChange(Presence contact) {
    friends.told(contact);
    if (!friends.allNamed()) {
      askForNames(); // somebody new
    }
    redraw();
  }

  /** Until it works: without names there are ids, and the rest goes on. */
  private void askForNames() {
    if (namesAsked) {
      return;
    }
    namesAsked = true;
    CompletableFuture<Void> unused =
        client
            .listContacts()
            .handle(
                (contacts, failure) -> {
                  named(failure == null ? contacts : null);
                  return null;
                });
  }

  private void named(@Nullable List<Contact> contacts) {
    namesAsked = false;
    if (contacts != null) {
      friends.named(contacts);
      redraw();
    } else {
      ScheduledFuture<?> unused =
          printer.schedule(this::askForNames, NAMES_RETRY.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private void redraw() {
    if (left || terminal.getColumns() <= 0 || terminal.getRows() <= 0) {
      return;
    }
    FriendsPage page = new FriendsPage(terminal.getColumns(), terminal.getRows(), colored, marks);
    Instant now = session == null ? Instant.now() : session.serverNow();
    List<AttributedString> lines = page.draw(header, friends, now);
    display.resize(terminal.getSize());
    display.update(lines, 0);
  }
}
