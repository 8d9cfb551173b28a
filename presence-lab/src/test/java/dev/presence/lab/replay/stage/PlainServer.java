package dev.presence.lab.replay.stage;

import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Closed;
import dev.presence.v1.Hello;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.Snapshot;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says hello to everyone, and writes down what streams do. */
final class PlainServer extends PresenceServiceGrpc.PresenceServiceImplBase
    implements AutoCloseable {

  private final String name;
  private final Server server;
  final List<String> events = new CopyOnWriteArrayList<>();

  PlainServer(String name) throws IOException {
    this.name = name;
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(this)
            .build()
            .start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  @Override
  public StreamObserver<ClientMessage> connect(StreamObserver<ServerMessage> response) {
    AtomicBoolean answered = new AtomicBoolean();
    ((ServerCallStreamObserver<ServerMessage>) response)
        .setOnCancelHandler(
            () -> {
              // Who has been told that it signed out ends the stream too, and may be the first.
              if (!answered.get()) {
                events.add("cancelled");
              }
            });
    return new StreamObserver<>() {
      @Override
      public void onNext(ClientMessage message) {
        if (message.hasOpen()) {
          events.add("open " + message.getOpen().getAttempt());
          boolean resumes = !message.getOpen().getSessionId().isEmpty();
          response.onNext(
              ServerMessage.newBuilder()
                  .setHello(
                      Hello.newBuilder()
                          .setSessionId(
                              resumes ? message.getOpen().getSessionId() : "session of " + name)
                          .setResumed(resumes)
                          .setNode(name))
                  .build());
          response.onNext(
              ServerMessage.newBuilder()
                  .setSnapshot(Snapshot.newBuilder().setComplete(true).setLastSeenComplete(true))
                  .build());
        } else if (message.hasSignOut()) {
          events.add("sign-out");
          answered.set(true);
          response.onNext(
              ServerMessage.newBuilder()
                  .setClosed(
                      Closed.newBuilder()
                          .setReason(CloseReason.CLOSE_REASON_SIGNED_OUT)
                          .setAdvice(ReconnectAdvice.RECONNECT_ADVICE_STOP))
                  .build());
          response.onCompleted();
        } else {
          events.add(message.getKindCase().toString());
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {}
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
