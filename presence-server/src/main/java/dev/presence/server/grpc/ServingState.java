package dev.presence.server.grpc;

import dev.presence.v1.PresenceServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;

/**
 * Whether this server serves: what it says of its health, and which calls it takes. Thread-safe.
 */
final class ServingState {

  private final HealthStatusManager health = new HealthStatusManager();
  private volatile Stage stage = Stage.STARTING;

  private enum Stage {
    /** The others have not been read yet: an answer now could be wrong. */
    STARTING,
    /** All calls are taken. */
    SERVING,
    /** Others reach the store and this server does not: no new sessions, stale answers. */
    CUT_OFF,
    /** No new sessions; questions are answered to the end. */
    DRAINING
  }

  ServingState() {
    report(ServingStatus.NOT_SERVING);
  }

  BindableService healthService() {
    return health.getHealthService();
  }

  /** This server may be asked now. */
  synchronized void serve() {
    if (stage == Stage.STARTING || stage == Stage.CUT_OFF) {
      stage = Stage.SERVING;
      report(ServingStatus.SERVING);
    }
  }

  /** Others should be asked, until {@link #serve}. */
  synchronized void cutOff() {
    if (stage == Stage.SERVING) {
      stage = Stage.CUT_OFF;
      report(ServingStatus.NOT_SERVING);
    }
  }

  /** This server is about to go; there is no way back. */
  synchronized void drain() {
    if (stage != Stage.DRAINING) {
      stage = Stage.DRAINING;
      health.enterTerminalState();
    }
  }

  boolean answers() {
    return stage != Stage.STARTING;
  }

  boolean takesSessions() {
    return stage == Stage.SERVING;
  }

  private void report(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(PresenceServiceGrpc.SERVICE_NAME, status);
  }
}
