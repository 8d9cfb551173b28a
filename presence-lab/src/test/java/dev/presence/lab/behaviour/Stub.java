package dev.presence.lab.behaviour;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.Open;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.SignOut;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service through generated stubs, as somebody calls it who has no library of ours. */
final class Stub {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private Stub() {}

  /** The channel with a token on every call; null for none. */
  static Channel with(Channel channel, @Nullable String token) {
    if (token == null) {
      return channel;
    }
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Asks for one user's presence. */
  static Presence ask(Channel channel, @Nullable String token, String user) {
    return PresenceServiceGrpc.newBlockingStub(with(channel, token))
        .getPresence(GetPresenceRequest.newBuilder().setUserId(user).build())
        .getPresence();
  }

  static ClientMessage open() {
    return ClientMessage.newBuilder()
        .setOpen(Open.newBuilder().setAttempt(1).setDevice("stub"))
        .build();
  }

  /** The reason in the error's details; empty if there is none. */
  static String reason(Throwable error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status != null) {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          try {
            return detail.unpack(ErrorInfo.class).getReason();
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return "";
  }

  /** One stream that reads all it is sent. Several threads may send. */
  static final class Stream implements StreamObserver<ServerMessage> {
    private final BlockingQueue<ServerMessage> messages = new LinkedBlockingQueue<>();
    private final List<ServerMessage> all = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> error = new CompletableFuture<>();
    private final StreamObserver<ClientMessage> up;

    Stream(Channel channel, @Nullable String token) {
      up = PresenceServiceGrpc.newStub(with(channel, token)).connect(this);
    }

    synchronized Stream send(ClientMessage message) {
      up.onNext(message);
      return this;
    }

    /** Waits for the first message of this kind. */
    ServerMessage await(ServerMessage.KindCase kind) {
      try {
        for (ServerMessage message = messages.poll(10, TimeUnit.SECONDS);
            message != null;
            message = messages.poll(10, TimeUnit.SECONDS)) {
          if (message.getKindCase() == kind) {
            return message;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new AssertionError("no " + kind + " in 10 s; got " + all);
    }

    /** Waits for the error that ends the stream. */
    Throwable awaitError() {
      return error.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /**
     * Leaves in an orderly way; the server ends the stream. Half-closed, since gRPC resets a stream
     * that the other side ends first, and a server bears only so many resets on a connection.
     */
    synchronized void signOut() {
      send(ClientMessage.newBuilder().setSignOut(SignOut.getDefaultInstance()).build());
      up.onCompleted();
    }

    void cancel() {
      up.onError(Status.CANCELLED.asRuntimeException());
    }

    @Override
    public void onNext(ServerMessage message) {
      all.add(message);
      messages.add(message);
    }

    @Override
    public void onError(Throwable throwable) {
      error.complete(throwable);
    }

    @Override
    public void onCompleted() {}
  }
}
