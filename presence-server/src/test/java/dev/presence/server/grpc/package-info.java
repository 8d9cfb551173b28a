@NullMarked
package dev.presence.server.grpc;

import org.jspecify.annotations.NullMarked;
