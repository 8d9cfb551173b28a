package dev.presence.server.grpc;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.presence.server.auth.TokenRefusedException;
import dev.presence.server.roster.RosterUnavailableException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one factory for error statuses: each has an {@code ErrorInfo} with its reason. */
final class GrpcErrors {

  /** The domain of all our {@code ErrorInfo}s. */
  static final String DOMAIN = "presence";

  /** A status travels in headers, which are small: of a bad value only the beginning is shown. */
  private static final int SHOWN_CHARACTERS = 80;

  /** What to do about NOT_SERVING. */
  static final String TRY_ANOTHER = "this server does not serve now; try another one";

  private static final Logger log = LoggerFactory.getLogger(GrpcErrors.class);

  private GrpcErrors() {}

  static StatusRuntimeException of(ErrorReason reason, String message) {
    return of(reason, message, Map.of());
  }

  static StatusRuntimeException of(
      ErrorReason reason, String message, Map<String, String> metadata) {
    return StatusProto.toStatusRuntimeException(status(reason, message, metadata).build());
  }

  private static Status.Builder status(
      ErrorReason reason, String message, Map<String, String> metadata) {
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason(reason.name())
            .putAllMetadata(metadata)
            .build();
    return Status.newBuilder()
        .setCode(reason.code().value())
        .setMessage(message)
        .addDetails(Any.pack(info));
  }

  /** A stream that does not get its turn; it may try again after this time. */
  static StatusRuntimeException overloaded(Duration retryAfter) {
    RetryInfo retry =
        RetryInfo.newBuilder().setRetryDelay(PresenceMessages.duration(retryAfter)).build();
    return StatusProto.toStatusRuntimeException(
        status(ErrorReason.OVERLOADED, "too many open streams at once; try again later", Map.of())
            .addDetails(Any.pack(retry))
            .build());
  }

  /** A field has a value out of its range. */
  static StatusRuntimeException invalidField(String field, Object value, String expected) {
    String shown = shown(String.valueOf(value));
    return of(
        ErrorReason.INVALID_FIELD,
        field + " is '" + shown + "', expected " + expected,
        Map.of("field", field, "value", shown, "expected", expected));
  }

  static StatusRuntimeException refused(TokenRefusedException refusal) {
    ErrorReason reason =
        switch (refusal.reason()) {
          case INVALID -> ErrorReason.TOKEN_INVALID;
          case EXPIRED -> ErrorReason.TOKEN_EXPIRED;
          case WRONG_AUDIENCE -> ErrorReason.TOKEN_WRONG_AUDIENCE;
        };
    return of(reason, String.valueOf(refusal.getMessage()));
  }

  /**
   * The status for whatever went wrong. What was not foreseen becomes INTERNAL: it is logged under
   * an id, and the caller learns the id and nothing else.
   */
  static StatusRuntimeException from(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return from(failure.getCause());
    }
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    if (failure instanceof RosterUnavailableException) {
      return of(ErrorReason.ROSTER_UNAVAILABLE, "the roster cannot be had now; try again later");
    }
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    log.atError().addKeyValue("error", id).setCause(failure).log("a call failed");
    return of(ErrorReason.INTERNAL, "the server failed; its log has the details", Map.of("id", id));
  }

  /** Ends a call with the status for whatever went wrong. */
  static void close(ServerCall<?, ?> call, Throwable failure) {
    StatusRuntimeException error = from(failure);
    try {
      call.close(error.getStatus(), trailers(error));
    } catch (IllegalStateException alreadyClosed) {
      // Nobody is left to tell; what was not foreseen is in the log.
    }
  }

  static Metadata trailers(StatusRuntimeException error) {
    Metadata trailers = error.getTrailers();
    return trailers == null ? new Metadata() : trailers;
  }

  private static String shown(String value) {
    return value.length() <= SHOWN_CHARACTERS
        ? value
        : value.substring(0, SHOWN_CHARACTERS) + "… (" + value.length() + " characters)";
  }
}
