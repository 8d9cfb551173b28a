package dev.presence.server.config;

import java.time.Duration;

/**
 * The public port.
 *
 * @param host the address to bind
 * @param port 1 to 65535, or 0 for any that is free
 * @param address how the proxy in front names this server, {@code ip:port}: browsers are told a
 *     route to it; empty: they are told none
 * @param reflection whether the service describes itself to tools
 * @param slowConsumerPeriod for how long a client may take nothing before its stream is closed
 */
public record GrpcConfig(
    String host, int port, String address, boolean reflection, Duration slowConsumerPeriod) {}
