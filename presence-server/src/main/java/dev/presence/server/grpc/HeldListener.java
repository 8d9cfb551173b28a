package dev.presence.server.grpc;

import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the events of a call whose handler is not there yet, and hands them on in their order once
 * it is. No message is asked for before that, so there is little to hold.
 */
final class HeldListener<ReqT> extends ServerCall.Listener<ReqT> {

  private List<Consumer<ServerCall.Listener<ReqT>>> held = new ArrayList<>(2);

  /** Set once all that was held has been handed on; from then on events pass through. */
  private volatile ServerCall.@Nullable Listener<ReqT> handler;

  /** The handler is there. */
  void release(ServerCall.Listener<ReqT> listener) {
    for (var batch = take(listener); !batch.isEmpty(); batch = take(listener)) {
      batch.forEach(event -> event.accept(listener));
    }
  }

  private synchronized List<Consumer<ServerCall.Listener<ReqT>>> take(
      ServerCall.Listener<ReqT> listener) {
    var batch = held;
    held = List.of();
    if (batch.isEmpty()) {
      handler = listener;
    } else {
      held = new ArrayList<>(2);
    }
    return batch;
  }

  private void hold(Consumer<ServerCall.Listener<ReqT>> event) {
    ServerCall.Listener<ReqT> target;
    synchronized (this) {
      target = handler;
      if (target == null) {
        held.add(event);
        return;
      }
    }
    event.accept(target);
  }

  @Override
  public void onMessage(ReqT message) {
    ServerCall.Listener<ReqT> target = handler;
    if (target != null) {
      target.onMessage(message);
    } else {
      hold(listener -> listener.onMessage(message));
    }
  }

  @Override
  public void onReady() {
    ServerCall.Listener<ReqT> target = handler;
    if (target != null) {
      target.onReady();
    } else {
      hold(ServerCall.Listener::onReady);
    }
  }

  @Override
  public void onHalfClose() {
    hold(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    hold(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    hold(ServerCall.Listener::onComplete);
  }
}
