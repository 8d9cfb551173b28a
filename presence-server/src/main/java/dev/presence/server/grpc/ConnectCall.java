package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.session.Attachment;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.Sessions;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.Open;
import dev.presence.v1.UpdateStatus;
import io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on one stream. Events come one after the other, and each is a few steps in
 * memory: heartbeats outnumber all else.
 */
final class ConnectCall extends ServerCall.Listener<ClientMessage> {

  private final ServerCall<ClientMessage, Frame> call;
  private final Caller caller;
  private final Sessions sessions;
  private final StreamWriter writer;

  /** Set by Open. */
  private @Nullable Attachment attachment;

  /** The client broke the protocol; what it still sends is ignored. */
  private boolean misused;

  ConnectCall(
      ServerCall<ClientMessage, Frame> call,
      Caller caller,
      Sessions sessions,
      StreamWriter writer) {
    this.call = call;
    this.caller = caller;
    this.sessions = sessions;
    this.writer = writer;
  }

  @Override
  public void onMessage(ClientMessage message) {
    if (misused) {
      return;
    }
    try {
      receive(message);
      call.request(1);
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  private void receive(ClientMessage message) {
    switch (message.getKindCase()) {
      case HEARTBEAT -> opened().heartbeat(message.getHeartbeat().getSequence());
      case OPEN -> open(message.getOpen());
      case UPDATE_STATUS -> update(opened(), message.getUpdateStatus());
      case SIGN_OUT -> opened().signOut();
      case KIND_NOT_SET ->
          throw GrpcErrors.of(ErrorReason.EMPTY_MESSAGE, "the message has no known kind");
    }
  }

  private void open(Open open) {
    if (attachment != null) {
      throw GrpcErrors.of(ErrorReason.OPEN_REPEATED, "the stream has been opened already");
    }
    attachment = sessions.open(ClientMessages.open(caller.user(), open, Entry.APP), writer::wake);
    writer.attach(attachment);
  }

  private void update(Attachment attachment, UpdateStatus update) {
    attachment.updateStatus(
        ClientMessages.activity(update),
        ClientMessages.availability(update),
        ClientMessages.wishAtMillis(update, sessions.nowMillis()));
  }

  private Attachment opened() {
    if (attachment == null) {
      throw GrpcErrors.of(ErrorReason.OPEN_REQUIRED, "the first message must be Open");
    }
    return attachment;
  }

  private void refuse(RuntimeException failure) {
    misused = true;
    lost();
    writer.fail(GrpcErrors.from(failure));
  }

  @Override
  public void onHalfClose() {
    if (misused) {
      return;
    }
    try {
      opened().signOut();
    } catch (RuntimeException e) {
      refuse(e);
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
