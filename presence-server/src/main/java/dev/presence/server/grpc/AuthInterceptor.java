package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.auth.TokenRefusedException;
import dev.presence.server.auth.TokenVerifier;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through once its bearer token is verified, with the {@link Caller} in its context.
 *
 * <p>A token that was seen a moment ago costs a look-up. Another one is verified on an executor of
 * its own: a storm of new streams must not delay the heartbeats of those that live.
 */
final class AuthInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier tokens;
  private final Executor verifying;

  AuthInterceptor(TokenVerifier tokens, Executor verifying) {
    this.tokens = tokens;
    this.verifying = verifying;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String token = bearerToken(headers.get(AUTHORIZATION));
    if (token == null) {
      GrpcErrors.close(
          call,
          GrpcErrors.of(
              ErrorReason.TOKEN_MISSING, "the metadata needs 'authorization: Bearer <JWT>'"));
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current();
    Caller known = tokens.remembered(token);
    if (known != null) {
      return Contexts.interceptCall(known.attachedTo(context), call, headers, next);
    }
    HeldListener<ReqT> held = new HeldListener<>();
    verifying.execute(() -> held.release(verified(token, context, call, headers, next)));
    return held;
  }

  private <ReqT, RespT> ServerCall.Listener<ReqT> verified(
      String token,
      Context context,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    try {
      Caller caller = tokens.verify(token);
      return Contexts.interceptCall(caller.attachedTo(context), call, headers, next);
    } catch (TokenRefusedException e) {
      GrpcErrors.close(call, GrpcErrors.refused(e));
    } catch (RuntimeException e) {
      GrpcErrors.close(call, e);
    }
    return new ServerCall.Listener<>() {};
  }

  private static @Nullable String bearerToken(@Nullable String header) {
    // As the edge reads it: a token that it does not find is not counted against its user's limit.
    if (header == null || !header.startsWith(SCHEME)) {
      return null;
    }
    String token = header.substring(SCHEME.length()).strip();
    return token.isEmpty() ? null : token;
  }
}
