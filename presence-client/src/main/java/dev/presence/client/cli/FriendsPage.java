package dev.presence.client.cli;

import static org.jline.utils.AttributedStyle.BLUE;
import static org.jline.utils.AttributedStyle.DEFAULT;
import static org.jline.utils.AttributedStyle.GREEN;
import static org.jline.utils.AttributedStyle.RED;
import static org.jline.utils.AttributedStyle.YELLOW;

import dev.presence.client.Contact;
import dev.presence.client.Presence;
import dev.presence.client.SessionInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Draws the friends: a pure function of what is known, the time, and the size of the screen.
 *
 * @param columns the width
 * @param rows the height
 * @param colored whether colours may be used
 * @param marks the signs for states
 */
record FriendsPage(int columns, int rows, boolean colored, Marks marks) {
  private static final int MARGIN_ROWS = 5; // two of header, two empty ones, one of keys

  /** The signs for states, for terminals that know Unicode and those that do not. */
  enum Marks {
    UNICODE("●", "◐", "⊖", "○", "…"),
    ASCII("*", "~", "-", ".", "...");

    final String online;
    final String away;
    final String busy;
    final String offline;
    final String more;

    Marks(String online, String away, String busy, String offline, String more) {
      this.online = online;
      this.away = away;
      this.busy = busy;
      this.offline = offline;
      this.more = more;
    }
  }

  List<AttributedString> draw(Header header, Friends friends, Instant now) {
    List<Contact> all = friends.inOrder();
    int room = Math.max(1, rows - MARGIN_ROWS);
    int shown = all.size() <= room ? all.size() : room - 1;
    int nameWidth = all.stream().mapToInt(c -> columnsOf(c.name())).max().orElse(0);
    nameWidth = Math.min(nameWidth, Math.max(8, columns / 2));

    List<AttributedString> lines = new ArrayList<>();
    lines.add(title(header, friends.online(), all.size()));
    lines.add(styled(session(header), faint()));
    lines.add(AttributedString.EMPTY);
    for (Contact contact : all.subList(0, shown)) {
      lines.add(line(contact, nameWidth, now));
    }
    if (shown < all.size()) {
      lines.add(styled(marks.more + " and " + (all.size() - shown) + " more", faint()));
    }
    lines.add(AttributedString.EMPTY);
    lines.add(styled("b busy  a available  w away/active  q quit", faint()));
    return lines.stream().map(this::fit).toList();
  }

  private AttributedString title(Header header, long online, int friends) {
    return new AttributedStringBuilder()
        .append(header.userId(), DEFAULT.bold())
        .append(" (" + header.ownStatus() + ")  ")
        .append(header.connection(), color(header.state().isConnected() ? GREEN : RED))
        .append("  " + online + " of " + friends + " online")
        .toAttributedString();
  }

  private static String session(Header header) {
    return header
        .info()
        .map((SessionInfo info) -> "node " + info.node() + "  session " + info.sessionId())
        .orElseGet(() -> header.state().detail());
  }

  private AttributedString line(Contact contact, int nameWidth, Instant now) {
    Presence presence = contact.presence();
    AttributedString name = new AttributedString(contact.name());
    AttributedStringBuilder line = new AttributedStringBuilder();
    switch (presence.state()) {
      case ONLINE -> line.append(marks.online, color(GREEN));
      case AWAY -> line.append(marks.away, color(YELLOW));
      case BUSY -> line.append(marks.busy, color(RED));
      case OFFLINE -> line.append(marks.offline, faint());
      case UNKNOWN -> line.append("?", color(BLUE));
    }
    line.append(" ").append(name.columnSubSequence(0, nameWidth));
    line.append(" ".repeat(Math.max(0, nameWidth - name.columnLength()) + 2));
    return line.append(words(presence, now), faint()).toAttributedString();
  }

  private static String words(Presence presence, Instant now) {
    return switch (presence.state()) {
      case ONLINE -> "online";
      case AWAY -> "away";
      case BUSY -> "busy";
      case UNKNOWN -> "cannot be told now";
      case OFFLINE ->
          presence
              .lastSeen()
              .map(seen -> "was online " + RelativeTime.since(seen, now))
              .orElse("never seen");
    };
  }

  private AttributedString fit(AttributedString line) {
    return line.columnLength() <= columns ? line : line.columnSubSequence(0, columns);
  }

  private static int columnsOf(String text) {
    return new AttributedString(text).columnLength();
  }

  private static AttributedString styled(String text, AttributedStyle style) {
    return new AttributedString(text, style);
  }

  private static AttributedStyle faint() {
    return DEFAULT.faint();
  }

  private AttributedStyle color(int number) {
    return colored ? DEFAULT.foreground(number) : DEFAULT;
  }
}
