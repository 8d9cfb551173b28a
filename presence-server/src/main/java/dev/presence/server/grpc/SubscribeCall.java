package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.session.Attachment;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.Sessions;
import dev.presence.v1.SubscribeRequest;
import io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;

/** One stream of a browser: it says one thing, and then listens. */
final class SubscribeCall extends ServerCall.Listener<SubscribeRequest> {

  private final Caller caller;
  private final Sessions sessions;
  private final StreamWriter writer;
  private @Nullable Attachment attachment;

  SubscribeCall(Caller caller, Sessions sessions, StreamWriter writer) {
    this.caller = caller;
    this.sessions = sessions;
    this.writer = writer;
  }

  @Override
  public void onMessage(SubscribeRequest request) {
    try {
      if (attachment != null) {
        throw GrpcErrors.of(ErrorReason.OPEN_REPEATED, "the stream has been opened already");
      }
      Entry entry = request.getHidden() ? Entry.HIDDEN_PAGE : Entry.PAGE;
      attachment =
          sessions.open(ClientMessages.open(caller.user(), request.getOpen(), entry), writer::wake);
      writer.attach(attachment);
    } catch (RuntimeException e) {
      lost();
      writer.fail(GrpcErrors.from(e));
    }
  }

  /** The end of the request, as of any call with a stream down: it is no sign-out. */
  @Override
  public void onHalfClose() {
    if (attachment == null) {
      writer.fail(GrpcErrors.of(ErrorReason.OPEN_REQUIRED, "the call has no request"));
    }
  }

  @Override
  public void onReady() {
    writer.wake();
  }

  @Override
  public void onCancel() {
    lost();
  }

  @Override
  public void onComplete() {
    lost();
  }

  private void lost() {
    if (attachment != null) {
      attachment.lost();
    }
  }
}
