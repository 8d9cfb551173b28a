/**
 * The public entries: thin services, interceptors, the one factory for error statuses, the stream
 * writer. Start at {@link dev.presence.server.grpc.GrpcServer}.
 *
 * <p>Nothing here blocks: all runs on the threads of the transport and of the lanes. The one thing
 * that takes its time, checking a token's signature, has an executor of its own.
 */
@NullMarked
package dev.presence.server.grpc;

import org.jspecify.annotations.NullMarked;
