/**
 * How nodes meet: leases, membership, publishing and receiving change sets, and their repair. Start
 * at {@code Cluster}.
 */
@NullMarked
package dev.presence.server.cluster;

import org.jspecify.annotations.NullMarked;
