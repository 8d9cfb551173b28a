package dev.presence.lab.replay.oracle;

/**
 * A user wished to be shown as busy, or no longer so.
 *
 * @param atMicros when
 * @param busy which
 */
record Wished(long atMicros, boolean busy) {}
