package dev.presence.lab.chaos.crowd;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The people of a run: as many as asked for are there, and change all the while, by a seed. A
 * thread of its own lets things happen; whoever asks for more waits for it. Thread-safe.
 */
public final class Crowd implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Crowd.class);

  private static final long TICK_MILLIS = 50;

  /** So many may come a second, so that two cores are not flooded. */
  private static final int ARRIVALS_PER_SECOND = 40;

  private static final int SHORTEST_ABSENCE_MILLIS = 300;
  private static final int LONGEST_ABSENCE_MILLIS = 6_000;

  /** One in so many comes with a second device. */
  private static final int SECOND_DEVICE_ONE_IN = 12;

  private final Entrance entrance;
  private final Random random;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("crowd").unstarted(task));
  private final List<Client> clients = new ArrayList<>();
  private final PriorityQueue<Mending> mendings = new PriorityQueue<>();
  private final Tally tally = new Tally();
  private int wanted;
  private Mood mood = Mood.STILL;
  private double due;
  private volatile @Nullable RuntimeException failure;

  private record Mending(long atMicros, Client client) implements Comparable<Mending> {
    @Override
    public int compareTo(Mending other) {
      return Long.compare(atMicros, other.atMicros);
    }
  }

  /** How a crowd stands: how many want to be there, and how many of them are connected. */
  public record Census(int present, int live) {

    /** Whether nobody is missing. */
    public boolean everyoneIsBack() {
      return live == present;
    }
  }

  /** A crowd of nobody. */
  public Crowd(Entrance entrance, long seed) {
    this.entrance = entrance;
    random = new Random(seed);
    var _ =
        thread.scheduleAtFixedRate(
            this::guardedTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Checks that it goes on.
   *
   * @throws IllegalStateException if it does not
   */
  public void check() {
    RuntimeException why = failure;
    if (why != null) {
      throw new IllegalStateException("the crowd could not go on", why);
    }
  }

  /** How they come in. */
  public Entrance entrance() {
    return entrance;
  }

  /** What happened so far. */
  public Tally tally() {
    return tally;
  }

  /** So many are to be there; they come one after the other. */
  public synchronized void wanted(int count) {
    wanted = count;
  }

  /** From now on this happens of itself. */
  public synchronized void mood(Mood now) {
    mood = now;
  }

  /** How it stands. */
  public synchronized Census census() {
    return new Census(
        (int) clients.stream().filter(Client::present).count(),
        (int) clients.stream().filter(Client::live).count());
  }

  /**
   * Cuts a share of those who are live, all at once, each for a time by lot.
   *
   * @param share 0 to 1
   * @param longestMillis who is back by then
   * @return how many connections that cut
   */
  public synchronized int cut(double share, int longestMillis) {
    int cut = 0;
    for (Client client : some(share)) {
      int awayMillis = random.nextInt(SHORTEST_ABSENCE_MILLIS, longestMillis);
      cut += cut(client, awayMillis) ? 1 : 0;
    }
    return cut;
  }

  /**
   * Lets a share of those who are live vanish for ever, so that it is seen when they are missed.
   *
   * @param share 0 to 1
   */
  public synchronized int vanish(double share) {
    List<Client> gone = some(share);
    gone.forEach(this::vanish);
    return gone.size();
  }

  /**
   * Lets a share of those who are live vanish for ever with a server: nothing more is heard of them
   * from the moment on at which it dies, and so no server knows.
   *
   * @param share 0 to 1
   * @param death lets the server die
   * @return how many vanished who were on it
   */
  public synchronized int vanishWith(double share, String server, Runnable death) {
    List<Client> doomed =
        some(1).stream().filter(client -> client.node().startsWith(server)).toList();
    List<Client> gone = doomed.subList(0, (int) Math.ceil(share * doomed.size()));
    gone.forEach(client -> client.line.stall());
    death.run();
    gone.forEach(this::vanish);
    return gone.size();
  }

  /** How many clients are connected to this server. */
  public synchronized long on(String server) {
    return clients.stream().filter(client -> client.node().startsWith(server)).count();
  }

  /** From now on those who connect again come in there. */
  public synchronized void lead(List<InetSocketAddress> edges) {
    clients.forEach(client -> client.line.lead(edges));
  }

  /** A bad network: resets some connections now, whose clients did not ask for it. */
  public synchronized int reset(double share) {
    int reset = 0;
    for (Client client : some(share)) {
      reset += client.line.reset();
    }
    return reset;
  }

  /** A bad network: nothing gets through to some, for a while. */
  public synchronized int stall(double share, long millis) {
    List<Client> stalled = some(share);
    for (Client client : stalled) {
      client.stall();
      mendings.add(new Mending(entrance.clock().micros() + millis * 1_000, client));
    }
    return stalled.size();
  }

  private List<Client> some(double share) {
    List<Client> live = new ArrayList<>(clients.stream().filter(Client::live).toList());
    Collections.shuffle(live, random);
    return live.subList(0, (int) Math.round(share * live.size()));
  }

  private boolean cut(Client client, int awayMillis) {
    tally.cuts.incrementAndGet();
    mendings.add(new Mending(entrance.clock().micros() + awayMillis * 1_000L, client));
    return client.cut();
  }

  private void vanish(Client client) {
    tally.vanishings.incrementAndGet();
    client.vanish();
  }

  private void guardedTick() {
    try {
      tick();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("the crowd cannot go on");
      failure = e;
      throw e;
    }
  }

  private synchronized void tick() {
    long now = entrance.clock().micros();
    while (!mendings.isEmpty() && mendings.element().atMicros <= now) {
      Client back = mendings.remove().client;
      if (!back.over()) { // who signs out meanwhile is to be heard too
        back.mend();
      }
    }
    clients.removeIf(
        client -> {
          if (client.over()) {
            client.free();
          }
          return client.over();
        });
    double seconds = TICK_MILLIS / 1e3;
    arrive(seconds);
    for (Client client : List.copyOf(clients)) {
      if (client.live()) {
        live(client, random.nextDouble() / seconds);
      }
    }
  }

  private void arrive(double seconds) {
    int missing = wanted - (int) clients.stream().filter(Client::present).count();
    due = Math.clamp(missing, 0, due + ARRIVALS_PER_SECOND * seconds);
    for (; due >= 1; due--) {
      Client client = entrance.client(newcomer());
      clients.add(client);
      tally.arrivals.incrementAndGet();
      client.open();
    }
  }

  /** Somebody of whom no client is there, or now and then somebody who has one. */
  private int newcomer() {
    List<Integer> people = entrance.circle().everybody();
    if (random.nextInt(SECOND_DEVICE_ONE_IN) != 0) {
      Set<Integer> there =
          clients.stream().map(client -> client.log.user()).collect(Collectors.toSet());
      List<Integer> absent = people.stream().filter(user -> !there.contains(user)).toList();
      people = absent.isEmpty() ? people : absent;
    }
    return people.get(random.nextInt(people.size()));
  }

  private void live(Client client, double lot) {
    if (lot < mood.signOuts) {
      tally.signOuts.incrementAndGet();
      client.signOut();
    } else if (lot < mood.signOuts + mood.vanishings) {
      vanish(client);
    } else if (lot < mood.signOuts + mood.vanishings + mood.cuts && client.live()) {
      boolean _ = cut(client, random.nextInt(SHORTEST_ABSENCE_MILLIS, LONGEST_ABSENCE_MILLIS));
    }
  }

  /** Ends all clients, without a word. */
  @Override
  public void close() {
    thread.shutdownNow();
    synchronized (this) {
      clients.forEach(Client::free);
      clients.clear();
    }
  }
}
