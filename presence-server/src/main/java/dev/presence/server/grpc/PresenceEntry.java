package dev.presence.server.grpc;

import dev.presence.server.auth.TokenVerifier;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Puts the presence service together: the unary calls as they are generated, the streams with a
 * marshaller of their own, and the interceptors around them.
 */
final class PresenceEntry {

  private PresenceEntry() {}

  static ServerServiceDefinition bind(
      PresenceGrpcService unary,
      StreamHandlers streams,
      TokenVerifier tokens,
      Executor verifying,
      ServingState state) {
    // The last one is asked first.
    return ServerInterceptors.intercept(
        definition(unary, streams),
        new AuthInterceptor(tokens, verifying),
        new ServingInterceptor(state),
        new ErrorMappingInterceptor());
  }

  private static ServerServiceDefinition definition(
      PresenceGrpcService unary, StreamHandlers streams) {
    Map<String, ServerMethodDefinition<?, ?>> framed = new HashMap<>();
    put(framed, framed(PresenceServiceGrpc.getConnectMethod(), streams.connect()));
    put(framed, framed(PresenceServiceGrpc.getSubscribeMethod(), streams.subscribe()));
    ServerServiceDefinition generated = unary.bindService();
    // A service must be described by the very methods that it binds.
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(PresenceServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (MethodDescriptor<?, ?> described : generated.getServiceDescriptor().getMethods()) {
      ServerMethodDefinition<?, ?> method =
          framed.getOrDefault(
              described.getFullMethodName(), generated.getMethod(described.getFullMethodName()));
      descriptor.addMethod(method.getMethodDescriptor());
      methods.add(method);
    }
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }

  private static void put(
      Map<String, ServerMethodDefinition<?, ?>> methods, ServerMethodDefinition<?, ?> method) {
    methods.put(method.getMethodDescriptor().getFullMethodName(), method);
  }

  /** The same method, whose answers are frames. */
  private static <Q> ServerMethodDefinition<Q, Frame> framed(
      MethodDescriptor<Q, ServerMessage> method, ServerCallHandler<Q, Frame> handler) {
    return ServerMethodDefinition.create(
        method.toBuilder(method.getRequestMarshaller(), FrameMarshaller.INSTANCE).build(), handler);
  }
}
