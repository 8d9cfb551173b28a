package dev.presence.client;

import io.grpc.Metadata;

/** The header that carries the token. */
final class Authorization {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private Authorization() {}

  static Metadata header(String token) {
    Metadata headers = new Metadata();
    headers.put(KEY, "Bearer " + token);
    return headers;
  }
}
