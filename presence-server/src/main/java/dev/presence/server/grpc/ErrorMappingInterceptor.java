package dev.presence.server.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * The last net: what a handler throws, and what it fails with unforeseen, becomes INTERNAL without
 * any detail. Handlers that know what went wrong use {@link GrpcErrors} themselves.
 */
final class ErrorMappingInterceptor implements ServerInterceptor {

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    ServerCall<ReqT, RespT> mapped = new MappedCall<>(call);
    try {
      return new MappedListener<>(mapped, next.startCall(mapped, headers));
    } catch (RuntimeException e) {
      GrpcErrors.close(mapped, e);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class MappedCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    MappedCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      Throwable cause = status.getCause();
      if (status.getCode() == Status.Code.UNKNOWN && cause != null) {
        StatusRuntimeException error = GrpcErrors.from(cause);
        super.close(error.getStatus(), GrpcErrors.trailers(error));
      } else {
        super.close(status, trailers);
      }
    }
  }

  private static final class MappedListener<ReqT> extends SimpleForwardingServerCallListener<ReqT> {

    private final ServerCall<ReqT, ?> call;

    MappedListener(ServerCall<ReqT, ?> call, ServerCall.Listener<ReqT> delegate) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(ReqT message) {
      try {
        super.onMessage(message);
      } catch (RuntimeException e) {
        GrpcErrors.close(call, e);
      }
    }

    @Override
    public void onHalfClose() {
      try {
        super.onHalfClose();
      } catch (RuntimeException e) {
        GrpcErrors.close(call, e);
      }
    }

    @Override
    public void onReady() {
      try {
        super.onReady();
      } catch (RuntimeException e) {
        GrpcErrors.close(call, e);
      }
    }
  }
}
