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

  /** The last messages sent, newest last: one at least. */
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

  void sent(long atMicros) {
    sent.add(atMicros);
  }

  long lastSentMicros() {
    return sent.getLast();
  }

  /** The last message that surely arrived. */
  long surelySentMicros() {
    for (int i = sent.size() - 1; i > 0; i--) {
      if (endMicros - sent.get(i) > Rules.MAY_BE_LOST || end == Deed.SIGNED_OUT) {
        return sent.get(i);
      }
    }
    return sent.getFirst();
  }
}
