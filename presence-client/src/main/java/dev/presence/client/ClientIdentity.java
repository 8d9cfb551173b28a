package dev.presence.client;

import dev.presence.v1.Open;

/**
 * What the servers' history says about the app.
 *
 * @param device the kind of device
 * @param clientVersion the app's version
 */
record ClientIdentity(String device, String clientVersion) {

  Open open(String sessionId, int attempt, Activity activity) {
    return Open.newBuilder()
        .setSessionId(sessionId)
        .setAttempt(attempt)
        .setDevice(device)
        .setClientVersion(clientVersion)
        .setActivity(activity.wire())
        .build();
  }
}
