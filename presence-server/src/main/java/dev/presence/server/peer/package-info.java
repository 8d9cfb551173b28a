/**
 * The way from server to server, past all stores: {@link dev.presence.server.peer.PeerServer} is
 * the door, {@link dev.presence.server.peer.PeerChannels} knocks at those of others. What is said
 * there has been authenticated and checked at the public entry of the server that says it.
 */
@NullMarked
package dev.presence.server.peer;

import org.jspecify.annotations.NullMarked;
