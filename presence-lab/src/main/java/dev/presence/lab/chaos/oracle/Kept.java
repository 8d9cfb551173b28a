package dev.presence.lab.chaos.oracle;

import java.util.ArrayList;
import java.util.List;

/** One session, as its client knows it. */
final class Kept {

  final String id;
  final int user;
  final long openMicros;
  final long helloMicros;
  final List<String> nodes = new ArrayList<>(1);

  /** The messages that surely arrived, newest last: one at least. */
  final List<Long> sent = new ArrayList<>();

  /** How it ended; GREETED if it has not, OPENED if the next one began in its place. */
  Deed end = Deed.GREETED;

  long endMicros = Long.MAX_VALUE;

  Kept(String id, int user, long openMicros, long helloMicros) {
    this.id = id;
    this.user = user;
    this.openMicros = openMicros;
    this.helloMicros = helloMicros;
    sent.add(openMicros);
  }

  /**
   * When the client said what may not have been heard: it asked for the session again, and has not
   * been given it, its line was stalled, or its stream broke just then.
   */
  private final List<Long> asked = new ArrayList<>(0);

  void sent(long atMicros) {
    sent.add(atMicros);
  }

  void asked(long atMicros) {
    asked.add(atMicros);
  }

  /** Its stream broke: what was said just before may have been lost with it. */
  void broke(long atMicros) {
    while (sent.size() > 1 && atMicros - sent.getLast() <= Rules.MAY_BE_LOST) {
      asked.add(sent.removeLast());
    }
  }

  /** It has been given to the client again: what asked for it was heard. */
  void given() {
    sent.addAll(asked);
    asked.clear();
  }

  /** The last message that may have been heard, of those sent by then. */
  long lastSentMicros(long byMicros) {
    long last = openMicros;
    for (List<Long> some : List.of(sent, asked)) {
      for (long at : some) {
        last = at <= byMicros ? Math.max(last, at) : last;
      }
    }
    return last;
  }

  /** The last message that surely arrived. */
  long surelySentMicros() {
    return sent.getLast();
  }
}
