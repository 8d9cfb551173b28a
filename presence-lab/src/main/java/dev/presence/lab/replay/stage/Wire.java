package dev.presence.lab.replay.stage;

import dev.presence.lab.replay.oracle.SessionLog;
import dev.presence.lab.replay.plan.PlannedSession;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ServerMessage;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The way from one client to the servers, as the client library sees it: a channel. It leads each
 * stream to the server that the plan says, can be cut, stays cut for as long as it should, and
 * writes down what passes. Thread-safe.
 */
final class Wire extends Channel {

  final PlannedSession plan;
  final SessionLog log;
  final Company company;

  private int server;
  private long closedUntilMicros;
  private long cutMicros = -1;
  private boolean leaving;
  private int updatesSent;
  private @Nullable WireCall current;
  private @Nullable ManagedChannel own;

  Wire(PlannedSession plan, SessionLog log, Company company) {
    this.plan = plan;
    this.log = log;
    this.company = company;
    server = plan.server();
  }

  @Override
  public String authority() {
    return "replay";
  }

  @Override
  @SuppressWarnings("unchecked") // there is only one method of that name
  public <Q, S> ClientCall<Q, S> newCall(MethodDescriptor<Q, S> method, CallOptions options) {
    if (!method
        .getFullMethodName()
        .equals(PresenceServiceGrpc.getConnectMethod().getFullMethodName())) {
      throw new UnsupportedOperationException(
          "a replay only connects, and does not call " + method);
    }
    return (ClientCall<Q, S>) new WireCall(this, options);
  }

  /** A stream begins: the call that carries it, or null while nothing gets through. */
  synchronized @Nullable ClientCall<ClientMessage, ServerMessage> begin(
      WireCall call, CallOptions options) {
    long now = company.clock().micros();
    if (now < closedUntilMicros) {
      return null;
    }
    if (cutMicros >= 0) {
      company.tally().away(now - cutMicros);
      cutMicros = -1;
    }
    current = call;
    return channel().newCall(PresenceServiceGrpc.getConnectMethod(), options);
  }

  private Channel channel() {
    if (!plan.cutsConnection()) {
      return company.roads().links().shared(server, plan.index());
    }
    closeOwn();
    ManagedChannel fresh = company.roads().links().own(server);
    own = fresh;
    return fresh;
  }

  /** From now on an end is no surprise. */
  synchronized void leaving() {
    leaving = true;
  }

  synchronized boolean isLeaving() {
    return leaving;
  }

  synchronized void updateSent() {
    updatesSent++;
  }

  /** How many changes of status have been sent. */
  synchronized int updatesSent() {
    return updatesSent;
  }

  /** Whether a stream is up. */
  synchronized boolean isUp() {
    return current != null && current.isUp();
  }

  /** A stream ended, or was given up, without our doing. */
  void broke(WireCall call) {
    synchronized (this) {
      if (leaving || call != current) {
        return;
      }
      current = null;
    }
    company.tally().unplannedBreaks.incrementAndGet();
    log.cut(company.clock().micros());
  }

  /**
   * Cuts the path. The library is not told: it finds its stream broken, and so does the server.
   *
   * @param awayMillis for how long no new stream gets through; negative: for ever
   * @param nextServer where the next one leads
   */
  void cut(long awayMillis, int nextServer) {
    WireCall call;
    int from;
    synchronized (this) {
      call = current;
      current = null;
      from = server;
      server = nextServer;
      cutMicros = company.clock().micros();
      closedUntilMicros = awayMillis < 0 ? Long.MAX_VALUE : cutMicros + awayMillis * 1_000;
      log.cut(cutMicros);
    }
    if (call != null) {
      call.sever(plan.cutsConnection() && drop(call, from));
    }
  }

  private boolean drop(WireCall call, int from) {
    Attributes attributes = call.getAttributes();
    boolean dropped =
        attributes.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR) instanceof InetSocketAddress local
            && company.roads().links().drop(from, local.getPort());
    if (dropped) {
      company.tally().connectionsDropped.incrementAndGet();
    }
    return dropped;
  }

  /** Frees what it holds. */
  synchronized void close() {
    closeOwn();
  }

  private void closeOwn() {
    if (own != null) {
      own.shutdownNow();
      own = null;
    }
  }
}
