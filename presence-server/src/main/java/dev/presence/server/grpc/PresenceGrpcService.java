package dev.presence.server.grpc;

import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.DisconnectResponse;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.HeartbeatRequest;
import dev.presence.v1.HeartbeatResponse;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.ListUsersRequest;
import dev.presence.v1.ListUsersResponse;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceImplBase;
import dev.presence.v1.UpdateStatusRequest;
import dev.presence.v1.UpdateStatusResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The unary calls. */
final class PresenceGrpcService extends PresenceServiceImplBase {

  private final LookupCalls lookups;
  private final ListCalls lists;
  private final PageCalls pages;

  PresenceGrpcService(LookupCalls lookups, ListCalls lists, PageCalls pages) {
    this.lookups = lookups;
    this.lists = lists;
    this.pages = pages;
  }

  @Override
  public void getPresence(GetPresenceRequest request, StreamObserver<GetPresenceResponse> answer) {
    answer(request, lookups::get, answer);
  }

  @Override
  public void batchGetPresence(
      BatchGetPresenceRequest request, StreamObserver<BatchGetPresenceResponse> answer) {
    answer(request, lookups::batch, answer);
  }

  @Override
  public void listContacts(
      ListContactsRequest request, StreamObserver<ListContactsResponse> answer) {
    answer(request, lists::contacts, answer);
  }

  @Override
  public void listUsers(ListUsersRequest request, StreamObserver<ListUsersResponse> answer) {
    answer(request, lists::users, answer);
  }

  @Override
  public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
    answer(request, pages::heartbeat, answer);
  }

  @Override
  public void updateStatus(
      UpdateStatusRequest request, StreamObserver<UpdateStatusResponse> answer) {
    answer(request, pages::updateStatus, answer);
  }

  @Override
  public void disconnect(DisconnectRequest request, StreamObserver<DisconnectResponse> answer) {
    answer(request, pages::disconnect, answer);
  }

  private static <Q, A> void answer(
      Q request, Function<Q, CompletionStage<A>> call, StreamObserver<A> observer) {
    CompletionStage<A> answer;
    try {
      answer = call.apply(request);
    } catch (RuntimeException e) {
      observer.onError(GrpcErrors.from(e));
      return;
    }
    var _ =
        answer.whenComplete(
            (response, failure) -> {
              if (failure != null) {
                observer.onError(GrpcErrors.from(failure));
              } else {
                observer.onNext(response);
                observer.onCompleted();
              }
            });
  }
}
