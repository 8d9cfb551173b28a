package dev.presence.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls with the client's token. A refused token is replaced once, as for streams. Answers
 * come on the callback executor.
 */
final class UnaryCalls {
  static final long TIMEOUT_SECONDS = 5;

  private final Channel channel;
  private final Loop loop;
  private final TokenPort tokens;
  private final Executor completions;

  UnaryCalls(Channel channel, Loop loop, TokenPort tokens, Executor completions) {
    this.channel = channel;
    this.loop = loop;
    this.tokens = tokens;
    this.completions = completions;
  }

  <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    loop.execute(() -> call(method, request, "", answer));
    return answer;
  }

  private <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, String refused, CompletableFuture<A> answer) {
    tokens.request(
        refused,
        token -> send(method, request, token, refused.isEmpty(), answer),
        why -> fail(answer, Status.UNAUTHENTICATED.withDescription("no token: " + why), null));
  }

  private <Q, A> void send(
      MethodDescriptor<Q, A> method,
      Q request,
      String token,
      boolean mayAskAgain,
      CompletableFuture<A> answer) {
    CallOptions options =
        CallOptions.DEFAULT.withExecutor(loop).withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    StreamObserver<A> observer =
        new StreamObserver<>() {
          @Override
          public void onNext(A value) {
            completions.execute(() -> answer.complete(value));
          }

          @Override
          public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            if (status.getCode() == Status.Code.UNAUTHENTICATED && mayAskAgain) {
              call(method, request, token, answer);
            } else {
              fail(answer, status, Status.trailersFromThrowable(failure));
            }
          }

          @Override
          public void onCompleted() {}
        };
    ClientCalls.asyncUnaryCall(
        ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(Authorization.header(token)))
            .newCall(method, options),
        request,
        observer);
  }

  private void fail(CompletableFuture<?> answer, Status status, @Nullable Metadata trailers) {
    PresenceException failure = new PresenceException(StatusDetails.of(status, trailers));
    completions.execute(() -> answer.completeExceptionally(failure));
  }
}
