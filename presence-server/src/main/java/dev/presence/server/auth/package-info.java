/**
 * From a token to the caller in the gRPC context: keys from a file, ES256 only. Start at {@link
 * dev.presence.server.auth.TokenVerifier}; the interceptor that asks it stands in {@code grpc}.
 */
@NullMarked
package dev.presence.server.auth;

import org.jspecify.annotations.NullMarked;
