package dev.presence.lab.simulation;

import dev.presence.client.StreamTransport;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.HeartbeatAck;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.UpdateStatus;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A browser's transport: a stream down, and a call for each thing that is said, which lands on some
 * server. Pings are answered, and say whether the page can be seen.
 */
final class PageTransport implements StreamTransport {

  private final World world;
  private final Device device;
  private @Nullable PageStream newest;

  PageTransport(World world, Device device) {
    this.world = world;
    this.device = device;
  }

  @Override
  public Stream open(String token, @Nullable SocketAddress avoid, Events events) {
    PageStream stream = new PageStream(world, device, avoid, events);
    newest = stream;
    return stream;
  }

  /** The page has been hidden, or shown. */
  void visibilityChanged() {
    if (newest != null) {
      newest.sayVisibility();
    }
  }

  private static final class PageStream extends ClientStream {
    private static final long CALL_TIMEOUT_MILLIS = 4_000;
    private static final int MAX_TRIES = 5;

    private final boolean openedHidden;
    private final List<ClientMessage> beforeHello = new ArrayList<>();
    private @Nullable SessionId session;
    private int attempt;
    private int updates;
    private boolean greeted;

    /** The session that has been signed out of before hello came. */
    private @Nullable SessionId left;

    PageStream(World world, Device device, @Nullable SocketAddress avoid, Events events) {
      super(world, device, avoid, events);
      openedHidden = device.isHidden();
    }

    @Override
    Entry entry() {
      return openedHidden ? Entry.HIDDEN_PAGE : Entry.PAGE;
    }

    @Override
    public void send(ClientMessage message) {
      if (message.getKindCase() == ClientMessage.KindCase.OPEN) {
        session = SessionId.parse(message.getOpen().getSessionId()).orElse(null);
        attempt = message.getOpen().getAttempt();
      }
      super.send(message);
    }

    @Override
    void sendLater(ClientMessage message) {
      if (session == null) {
        beforeHello.add(message);
        return;
      }
      switch (message.getKindCase()) {
        case HEARTBEAT -> beat(message.getHeartbeat().getSequence());
        case UPDATE_STATUS -> sayStatus(message.getUpdateStatus());
        case SIGN_OUT -> sayGoodBye();
        default -> throw new AssertionError("unexpected: " + message);
      }
    }

    void sayVisibility() {
      if (session != null && !line.isOverAtClient()) {
        beat(0);
      }
    }

    private void beat(long sequence) {
      boolean hidden = device.isHidden();
      call(
          _ -> new SessionCall.Heartbeat(hidden),
          (_, _) -> {
            StreamTruth stream = truth();
            if (stream != null) {
              stream.hidden(hidden, world.time().nowMillis());
            }
          },
          reception -> {
            switch (reception) {
              case TAKEN ->
                  deliver(
                      ServerMessage.newBuilder()
                          .setHeartbeatAck(HeartbeatAck.newBuilder().setSequence(sequence))
                          .build());
              case NOT_FOUND, SUSPENDED -> endAtClient(Status.Code.NOT_FOUND);
              case REPLACED, UNREACHABLE -> {} // no answer that counts
            }
          });
    }

    private void sayStatus(UpdateStatus update) {
      long age = ageMillis(update);
      say(update, world.time().nowMillis() - age, ++updates, 0);
    }

    /** Says it again until it has been taken, unless there is something newer to say. */
    private void say(UpdateStatus update, long madeMillis, int number, int tries) {
      Activity activity = device.wireActivityOrNull(update.getActivity());
      Availability wish = device.wish(update);
      call(
          at -> new SessionCall.Status(activity, wish, sharedMillis(at, madeMillis)),
          (to, _) -> told(activity, wish, madeMillis, sharedMillis(to, madeMillis)),
          reception -> {
            if (wish != null && reception == Reception.UNREACHABLE) {
              device.person().wishMayBeLost(); // or it is taken yet, and nobody says so
            }
            boolean again = reception != Reception.TAKEN && number == updates && tries < MAX_TRIES;
            if (again && !line.isOverAtClient()) {
              say(update, madeMillis, number, tries + 1);
            }
          });
    }

    /** A stream that is being opened may begin another session, which is to be left too. */
    private void sayGoodBye() {
      SessionId leaving = session;
      StreamTruth stream = truth();
      call(
          _ -> new SessionCall.SignOut(),
          (to, waitedMillis) -> {
            if (stream != null && stream.mayCarry(leaving)) {
              stream.signOutReached(world.time().nowMillis(), to, waitedMillis);
            }
          },
          reception -> {
            if (reception == Reception.TAKEN || reception == Reception.NOT_FOUND) {
              left = leaving;
              leave();
            }
          });
    }

    private void leave() {
      if (left == null || !greeted) {
        return;
      }
      if (left.equals(session)) {
        deliver(
            ServerMessage.newBuilder()
                .setClosed(
                    Closed.newBuilder()
                        .setReason(CloseReason.CLOSE_REASON_SIGNED_OUT)
                        .setAdvice(ReconnectAdvice.RECONNECT_ADVICE_STOP))
                .build());
      } else {
        sayGoodBye();
      }
    }

    /**
     * Makes a call to whatever server the front door chooses, unless the way is severed.
     *
     * @param verb what that server reads, when it reads it
     * @param onTaken told who has taken it, or handed it on to who did
     */
    private void call(
        Function<SimulatedNode, SessionCall.Verb> verb, Taken onTaken, Consumer<Reception> then) {
      SessionId known = session;
      SimulatedNode to = world.door().choose(null);
      if (line.isSevered() || known == null) {
        return;
      }
      if (to == null) {
        device
            .process()
            .loop()
            .schedule(line.tripMillis(), () -> then.accept(Reception.UNREACHABLE));
        return;
      }
      SessionKey key = new SessionKey(known, device.user());
      int ofAttempt = attempt;
      Answer answer = new Answer(then);
      device
          .process()
          .loop()
          .schedule(CALL_TIMEOUT_MILLIS, () -> answer.give(Reception.UNREACHABLE));
      var _ =
          world
              .time()
              .schedule(
                  line.tripMillis(),
                  () -> {
                    long cameMillis = world.time().nowMillis();
                    Consumer<Reception> taken =
                        reception -> {
                          if (reception == Reception.TAKEN) {
                            long waitedMillis = world.time().nowMillis() - cameMillis;
                            world.truth().heard(key, ofAttempt, waitedMillis);
                            onTaken.by(to, waitedMillis);
                          }
                          back(answer, reception);
                        };
                    to.process()
                        .receive(
                            () -> take(to, new SessionCall(key, ofAttempt, verb.apply(to)), taken));
                  });
    }

    private static void take(SimulatedNode at, SessionCall call, Consumer<Reception> then) {
      if (at.answers()) {
        var _ = at.core().calls().call(call).thenAccept(then);
      } else {
        then.accept(Reception.UNREACHABLE);
      }
    }

    /** Told of the server that a call went to, and for how long it had lain in its socket. */
    @FunctionalInterface
    private interface Taken {
      void by(SimulatedNode to, long waitedMillis);
    }

    private void back(Answer answer, Reception reception) {
      if (!line.isSevered()) {
        var _ =
            world
                .time()
                .schedule(
                    line.tripMillis(),
                    () -> device.process().receive(() -> answer.give(reception)));
      }
    }

    /** Given once: by the server, or by the lapse of time. */
    private static final class Answer {
      private final Consumer<Reception> then;
      private boolean given;

      Answer(Consumer<Reception> then) {
        this.then = then;
      }

      void give(Reception reception) {
        if (!given) {
          given = true;
          then.accept(reception);
        }
      }
    }

    @Override
    void arrivedAtClient(ServerMessage message) {
      switch (message.getKindCase()) {
        case PING -> {
          if (session != null) {
            beat(0);
          }
        }
        case HELLO -> {
          String said = message.getHello().getSessionId();
          SessionId before = session;
          session = SessionId.parse(said).orElse(null);
          if (before != null && !before.equals(session)) {
            attempt = Math.max(attempt, 1);
          }
          deliver(message);
          List<ClientMessage> late = List.copyOf(beforeHello);
          beforeHello.clear();
          late.forEach(this::sendLater);
          greeted = true;
          if (device.isHidden() != openedHidden) {
            beat(0);
          }
          leave();
        }
        default -> deliver(message);
      }
    }
  }
}
