package dev.presence.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended. Public for {@link ClientMachine}.
 *
 * @param code the gRPC status
 * @param reason the reason of its {@code ErrorInfo}, or empty
 * @param message the text for people
 */
public record StatusDetails(Status.Code code, String reason, String message) {
  private static final String CHANNEL_SHUT_DOWN = "CHANNEL_SHUT_DOWN"; // never sent by a server

  static StatusDetails channelShutDown() {
    return new StatusDetails(Status.Code.UNAVAILABLE, CHANNEL_SHUT_DOWN, "");
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
    return new StatusDetails(status.getCode(), reason(status, trailers), message);
  }

  private static String reason(Status status, @Nullable Metadata trailers) {
    if (trailers == null) {
      return "";
    }
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    for (Any detail : details.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException e) {
          return ""; // a garbled detail says no more than none
        }
      }
    }
    return "";
  }

  /** Such as {@code NOT_FOUND USER_NOT_FOUND: there is no user zoe}. */
  @Override
  public String toString() {
    return code
        + (reason.isEmpty() ? "" : " " + reason)
        + (message.isEmpty() ? "" : ": " + message);
  }
}
