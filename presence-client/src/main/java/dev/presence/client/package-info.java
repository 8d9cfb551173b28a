/**
 * Live presence for an app: who of a user's contacts is online, and when the others were last seen.
 *
 * <pre>{@code
 * ManagedChannel channel = PresenceChannels.forServers(List.of("presence.example.org:443"), false);
 * PresenceClient client =
 *     PresenceClient.builder(channel).tokens(myLogin::currentToken).device("desktop").build();
 *
 * PresenceSession session = client.connect(new PresenceListener() {
 *   public void onSnapshot(Map<String, Presence> contacts) { contacts.values().forEach(this::show); }
 *   public void onChange(Presence contact) { show(contact); }
 *   public void onState(ConnectionState state) { window.setTitle("Friends: " + state); }
 *   private void show(Presence contact) { window.row(contact.userId(), contact.state()); }
 * });
 * session.setAvailability(Availability.BUSY); // at any time, connected or not
 * session.signOut().join();                   // friends see "offline" at once
 * channel.shutdown();                         // the channel stays the app's own
 * }</pre>
 *
 * <p>The library holds the session through lost connections and dying servers: it reconnects by
 * itself, resumes on any server, and tells the app only what really changed for the contacts. An
 * app deals with a connection only when {@link ConnectionState.Phase#OFFLINE} says that the library
 * has given up, and why.
 *
 * <p>Everything here is safe for use by many threads. Listeners are called on the builder's
 * callback executor, for one session one call at a time and in order. What is not public in this
 * package is free to change.
 *
 * <p>Where to read on inside: {@link dev.presence.client.PresenceSession} is the handle, {@code
 * SessionMachine} decides all that happens to a session, {@code LiveStream} watches over one
 * stream, {@code ContactView} compares snapshots, {@code GrpcTransport} speaks gRPC.
 */
@NullMarked
package dev.presence.client;

import org.jspecify.annotations.NullMarked;
