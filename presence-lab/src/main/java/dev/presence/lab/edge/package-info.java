/**
 * Envoy in front of the servers, configured by {@code envoy/envoy.yaml} as in production; and what
 * only development puts behind it: a certificate that signs itself, and a sign-in that believes
 * everybody. Start at {@code Edge}.
 */
@NullMarked
package dev.presence.lab.edge;

import org.jspecify.annotations.NullMarked;
