package dev.presence.server.peer;

import dev.presence.internal.v1.DrainRequest;
import dev.presence.internal.v1.DrainResponse;
import dev.presence.internal.v1.PeerServiceGrpc.PeerServiceImplBase;
import dev.presence.internal.v1.ReachesStoreRequest;
import dev.presence.internal.v1.ReachesStoreResponse;
import dev.presence.internal.v1.TellRequest;
import dev.presence.internal.v1.TellResponse;
import dev.presence.server.peer.PeerServer.Drainer;
import dev.presence.server.peer.PeerServer.StoreWitness;
import dev.presence.server.session.SessionCall;
import dev.presence.server.session.SessionCall.Reception;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What other servers ask of this one, and an operator. */
final class PeerGrpcService extends PeerServiceImplBase {

  private final Function<SessionCall, CompletionStage<Reception>> calls;
  private final StoreWitness witness;
  private final Drainer drainer;

  PeerGrpcService(
      Function<SessionCall, CompletionStage<Reception>> calls,
      StoreWitness witness,
      Drainer drainer) {
    this.calls = calls;
    this.witness = witness;
    this.drainer = drainer;
  }

  @Override
  public void drain(DrainRequest request, StreamObserver<DrainResponse> answer) {
    var _ =
        drainer
            .drain(request.getHurry())
            .whenComplete(
                (streams, failure) -> {
                  if (failure != null) {
                    answer.onError(Status.INTERNAL.withCause(failure).asRuntimeException());
                  } else {
                    answer.onNext(DrainResponse.newBuilder().setStreams(streams).build());
                    answer.onCompleted();
                  }
                });
  }

  @Override
  public void reachesStore(
      ReachesStoreRequest request, StreamObserver<ReachesStoreResponse> answer) {
    answer.onNext(
        ReachesStoreResponse.newBuilder()
            .setReached(witness.reachesStore(request.getAddress(), request.getAlone()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void tell(TellRequest request, StreamObserver<TellResponse> answer) {
    SessionCall call;
    try {
      call = PeerMessages.call(request);
    } catch (IllegalArgumentException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    var _ =
        calls
            .apply(call)
            .whenComplete(
                (reception, failure) -> {
                  if (failure != null) {
                    answer.onError(Status.INTERNAL.withCause(failure).asRuntimeException());
                  } else {
                    answer.onNext(PeerMessages.response(reception));
                    answer.onCompleted();
                  }
                });
  }
}
