package dev.presence.client;

/**
 * What the servers' history says about the app.
 *
 * @param device the kind of device
 * @param clientVersion the app's version
 */
record ClientIdentity(String device, String clientVersion) {}
