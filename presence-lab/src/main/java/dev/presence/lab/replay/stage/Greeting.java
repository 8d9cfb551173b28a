package dev.presence.lab.replay.stage;

/**
 * A server has begun or resumed a session.
 *
 * @param atMicros when the client heard of it
 * @param wallMillis the same as Unix time
 * @param sessionId the session
 * @param node the server's name
 * @param resumed whether the session that the client asked for goes on
 */
record Greeting(long atMicros, long wallMillis, String sessionId, String node, boolean resumed) {}
