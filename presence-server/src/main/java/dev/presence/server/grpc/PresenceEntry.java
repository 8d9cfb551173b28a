package dev.presence.server.grpc;

import dev.presence.server.auth.TokenVerifier;
import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.concurrent.Executor;

/**
 * Puts the presence service together: the unary calls as they are generated, Connect with a
 * marshaller of its own, and the interceptors around them.
 */
final class PresenceEntry {

  private PresenceEntry() {}

  static ServerServiceDefinition bind(
      PresenceGrpcService unary,
      ConnectHandler connect,
      TokenVerifier tokens,
      Executor verifying,
      ServingState state) {
    // The last one is asked first.
    return ServerInterceptors.intercept(
        definition(unary, connect),
        new AuthInterceptor(tokens, verifying),
        new ServingInterceptor(state),
        new ErrorMappingInterceptor());
  }

  private static ServerServiceDefinition definition(
      PresenceGrpcService unary, ConnectHandler connect) {
    var connectMethod =
        PresenceServiceGrpc.getConnectMethod().toBuilder(
                PresenceServiceGrpc.getConnectMethod().getRequestMarshaller(),
                FrameMarshaller.INSTANCE)
            .build();
    ServerServiceDefinition generated = unary.bindService();
    // A service must be described by the very methods that it binds.
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(PresenceServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
    for (MethodDescriptor<?, ?> method : generated.getServiceDescriptor().getMethods()) {
      descriptor.addMethod(isConnect(method) ? connectMethod : method);
    }
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    for (ServerMethodDefinition<?, ?> method : generated.getMethods()) {
      if (isConnect(method.getMethodDescriptor())) {
        service.addMethod(connectMethod, connect);
      } else {
        service.addMethod(method);
      }
    }
    return service.build();
  }

  private static boolean isConnect(MethodDescriptor<?, ?> method) {
    return method
        .getFullMethodName()
        .equals(PresenceServiceGrpc.getConnectMethod().getFullMethodName());
  }
}
