package dev.presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.Test;

class StatusDetailsTest {

  private static StatusDetails with(Any... details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .setMessage("busy");
    for (Any detail : details) {
      status.addDetails(detail);
    }
    StatusRuntimeException error = StatusProto.toStatusRuntimeException(status.build());
    return StatusDetails.of(error.getStatus(), error.getTrailers());
  }

  @Test
  void shouldReadReasonAndTurn() {
    StatusDetails details =
        with(
            Any.pack(ErrorInfo.newBuilder().setReason("OVERLOADED").build()),
            Any.pack(RetryInfo.newBuilder().setRetryDelay(WireTime.length(2_500)).build()));
    assertThat(details)
        .isEqualTo(new StatusDetails(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED", "busy", 2_500));
  }

  @Test
  void shouldTakeAGarbledDetailForNone() {
    Any garbled =
        Any.newBuilder()
            .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
            .setValue(ByteString.copyFrom(new byte[] {10, 99}))
            .build();
    assertThat(with(garbled))
        .isEqualTo(new StatusDetails(Status.Code.RESOURCE_EXHAUSTED, "", "busy", 0));
    assertThat(StatusDetails.of(Status.UNAVAILABLE, null).retryMillis()).isZero();
  }
}
