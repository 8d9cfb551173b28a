/** Tests of the client library: the session machine with a clock of their own, gRPC for real. */
@NullMarked
package dev.presence.client;

import org.jspecify.annotations.NullMarked;
