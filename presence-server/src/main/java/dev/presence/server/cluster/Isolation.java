package dev.presence.server.cluster;

import dev.presence.server.cluster.Witnesses.Testimony;
import dev.presence.server.loop.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whose fault it is that the store does not answer: asks the other servers, each second,
 * past the store. One that reaches it is enough to know that the fault is ours. Belongs to the
 * cluster's loop.
 */
final class Isolation {

  private static final Logger log = LoggerFactory.getLogger(Isolation.class);

  private static final long ROUND_MILLIS = 1_000;

  /** How long one who knows of no live server listens to those who may be cut off as well. */
  private static final long ALONE_MILLIS = 100;

  private final EventLoop loop;
  private final Contact contact;
  private final Witnesses witnesses;
  private final Supplier<Addresses> addresses;
  private final LongSupplier untoldSince;
  private final Consumer<Touch> onTouch;
  private final Acquaintances acquaintances = new Acquaintances();

  private volatile Touch touch = Touch.LOST;

  /** Clients have been taken in without the store, and it may not have heard of them yet. */
  private boolean alone;

  /** When the store was reached again last. */
  private long backMillis;

  private @Nullable Round round;

  /** One round of questions. Compared by identity: late answers mean nothing. */
  private static final class Round {
    final boolean alone;
    int open;
    boolean anyAnswered;
    boolean over;

    Round(int open) {
      this.open = open;
      alone = open == 0;
    }
  }

  /**
   * Watches one server's touch.
   *
   * @param addresses of the other servers
   * @param untoldSince since when this server has something that the store has not; the end of time
   *     if it has not
   * @param onTouch told of each change, on this loop
   */
  Isolation(
      EventLoop loop,
      Contact contact,
      Witnesses witnesses,
      Supplier<Addresses> addresses,
      LongSupplier untoldSince,
      Consumer<Touch> onTouch) {
    this.loop = loop;
    this.contact = contact;
    this.witnesses = witnesses;
    this.addresses = addresses;
    this.untoldSince = untoldSince;
    this.onTouch = onTouch;
  }

  Touch touch() {
    return touch;
  }

  /** Looks at the time. To be called often. */
  void tick() {
    if (contact.inContact(loop.nowMillis())) {
      round = null;
      become(Touch.IN_TOUCH);
      // Back for a moment only, it may not have told of them. What came since does not matter.
      alone &= untoldSince.getAsLong() <= backMillis;
    } else if (round == null) {
      if (touch == Touch.IN_TOUCH) {
        become(Touch.LOST);
      }
      ask();
    }
  }

  /**
   * Another server has spoken to us, past the store. While we ask the others, it is asked too.
   *
   * @param address where it can be asked
   */
  void met(String address) {
    boolean first = acquaintances.met(address);
    Round asked = round;
    if (first && asked != null) {
      ask(address, testimony -> heardFromOther(asked, testimony));
    }
  }

  private void ask() {
    Addresses others = addresses.get().and(acquaintances.all());
    Round asked = new Round(others.live().size());
    round = asked;
    others.live().forEach(other -> ask(other, testimony -> heard(asked, testimony)));
    // From who was not live by our last answer silence means nothing; a word does.
    others.others().forEach(other -> ask(other, testimony -> heardFromOther(asked, testimony)));
    if (others.live().isEmpty()) {
      loop.schedule(ALONE_MILLIS, () -> conclude(asked));
    }
    loop.schedule(ROUND_MILLIS, () -> endOf(asked));
  }

  private void ask(String other, Consumer<@Nullable Testimony> heard) {
    var _ =
        witnesses
            .reachesStore(other, alone && untoldSince.getAsLong() <= loop.nowMillis())
            .whenCompleteAsync((testimony, failure) -> heard.accept(testimony), loop);
  }

  private void heard(Round asked, @Nullable Testimony testimony) {
    if (round != asked || asked.open == 0) {
      return;
    }
    asked.open--;
    if (testimony == Testimony.REACHED) {
      reachedByOther(asked);
    } else {
      asked.anyAnswered |= testimony == Testimony.AWAY;
      if (asked.open == 0) {
        conclude(asked);
      }
    }
  }

  private void heardFromOther(Round asked, @Nullable Testimony testimony) {
    if (round == asked && testimony == Testimony.REACHED) {
      reachedByOther(asked);
    }
  }

  private void reachedByOther(Round asked) {
    asked.open = 0;
    asked.over = true;
    become(Touch.CUT_OFF);
  }

  private void endOf(Round asked) {
    if (round == asked) {
      conclude(asked);
      round = null;
    }
  }

  /** All have been heard, or have had their time, and nobody reaches the store. */
  private void conclude(Round asked) {
    asked.open = 0;
    if (round == asked && !asked.over) {
      asked.over = true;
      become(asked.anyAnswered || asked.alone ? Touch.AWAY_FOR_ALL : Touch.DESERTED);
    }
  }

  private void become(Touch now) {
    if (touch != now) {
      log.atInfo().addKeyValue("before", touch).addKeyValue("now", now).log("touch with the store");
      touch = now;
      backMillis = now == Touch.IN_TOUCH ? loop.nowMillis() : backMillis;
      alone |= now.greetsAtOnce();
      onTouch.accept(now);
    }
  }
}
