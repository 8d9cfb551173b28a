package dev.presence.server.grpc;

import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;

/** Sends callers to another server while this one does not serve. */
final class ServingInterceptor implements ServerInterceptor {

  /** The calls that begin a session. */
  private static final Set<String> STREAMS =
      Set.of(
          PresenceServiceGrpc.getConnectMethod().getFullMethodName(),
          PresenceServiceGrpc.getSubscribeMethod().getFullMethodName());

  private final ServingState state;

  ServingInterceptor(ServingState state) {
    this.state = state;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    boolean begins = STREAMS.contains(call.getMethodDescriptor().getFullMethodName());
    if (begins ? state.takesSessions() : state.answers()) {
      return next.startCall(call, headers);
    }
    GrpcErrors.close(call, GrpcErrors.of(ErrorReason.NOT_SERVING, GrpcErrors.TRY_ANOTHER));
    return new ServerCall.Listener<>() {};
  }
}
