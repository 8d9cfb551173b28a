package dev.presence.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a caller is told when something is wrong. */
final class Errors {

  private Errors() {}

  /** The error of a call that must fail, with this reason and the status that belongs to it. */
  static ErrorInfo refused(ErrorReason reason, ThrowingCallable call) {
    return check(reason, catchThrowableOfType(StatusRuntimeException.class, call));
  }

  static ErrorInfo check(ErrorReason reason, StatusRuntimeException error) {
    assertThat(error).as("the call fails").isNotNull();
    ErrorInfo info = info(error);
    assertThat(info.getReason()).isEqualTo(reason.name());
    assertThat(info.getDomain()).isEqualTo("presence");
    assertThat(error.getStatus().getCode()).isEqualTo(reason.code());
    assertThat(error.getStatus().getDescription())
        .isNotBlank()
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    return info;
  }

  private static ErrorInfo info(StatusRuntimeException error) {
    Status status = StatusProto.fromThrowable(error);
    assertThat(status).isNotNull();
    assertThat(status.getDetailsList()).as("details of %s", error.getStatus()).hasSize(1);
    try {
      return status.getDetails(0).unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
