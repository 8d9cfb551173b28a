package dev.presence.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended. Public for {@link ClientMachine}.
 *
 * @param code the gRPC status
 * @param reason the reason of its {@code ErrorInfo}, or empty
 * @param message the text for people
 * @param retryMillis the caller may try again after this time, as the server says in {@code
 *     RetryInfo}; 0 where it says nothing
 */
public record StatusDetails(Status.Code code, String reason, String message, long retryMillis) {
  private static final String CHANNEL_SHUT_DOWN = "CHANNEL_SHUT_DOWN"; // never sent by a server

  static StatusDetails channelShutDown() {
    return new StatusDetails(Status.Code.UNAVAILABLE, CHANNEL_SHUT_DOWN, "", 0);
  }

  boolean isChannelShutDown() {
    return reason.equals(CHANNEL_SHUT_DOWN);
  }

  static StatusDetails of(Status status, @Nullable Metadata trailers) {
    String message = status.getDescription();
    if (message == null) {
      Throwable cause = status.getCause();
      message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
    }
    String reason = "";
    long retryMillis = 0;
    for (Any detail : details(status, trailers)) {
      try {
        if (detail.is(ErrorInfo.class)) {
          reason = detail.unpack(ErrorInfo.class).getReason();
        } else if (detail.is(RetryInfo.class)) {
          retryMillis = WireTime.millis(detail.unpack(RetryInfo.class).getRetryDelay());
        }
      } catch (InvalidProtocolBufferException e) {
        // a garbled detail says no more than none
      }
    }
    return new StatusDetails(status.getCode(), reason, message, retryMillis);
  }

  private static List<Any> details(Status status, @Nullable Metadata trailers) {
    return trailers == null
        ? List.of()
        : StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList();
  }

  /** Such as {@code NOT_FOUND USER_NOT_FOUND: there is no user zoe}. */
  @Override
  public String toString() {
    return code
        + (reason.isEmpty() ? "" : " " + reason)
        + (message.isEmpty() ? "" : ": " + message);
  }
}
