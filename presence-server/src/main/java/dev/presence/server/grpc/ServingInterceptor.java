package dev.presence.server.grpc;

import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Sends callers to another server while this one does not serve. */
final class ServingInterceptor implements ServerInterceptor {

  private static final String CONNECT = PresenceServiceGrpc.getConnectMethod().getFullMethodName();

  private final ServingState state;

  ServingInterceptor(ServingState state) {
    this.state = state;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    boolean connects = CONNECT.equals(call.getMethodDescriptor().getFullMethodName());
    if (connects ? state.takesSessions() : state.answers()) {
      return next.startCall(call, headers);
    }
    GrpcErrors.close(call, GrpcErrors.of(ErrorReason.NOT_SERVING, GrpcErrors.TRY_ANOTHER));
    return new ServerCall.Listener<>() {};
  }
}
