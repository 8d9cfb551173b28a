package dev.presence.client;

import java.util.Map;

/**
 * Hears what happens to a session. Called on the client's callback executor, one call at a time and
 * in order; a listener that is slow delays only itself, and then sees of each contact the newest
 * state, perhaps not those in between. An exception is logged and otherwise ignored.
 */
public interface PresenceListener {

  /**
   * All contacts that are not offline, once for a session, when the first complete snapshot has
   * arrived. Whoever is not in the map is offline; when they were last seen follows through {@link
   * #onChange}. While a server cannot load the contacts, the session is live without a snapshot.
   *
   * @param contacts by user id; not to be changed
   */
  void onSnapshot(Map<String, Presence> contacts);

  /**
   * A contact's presence is different from what was told before, or the last seen of an offline
   * contact became known. Never called before {@link #onSnapshot}. After a lost connection only
   * what differs is told, and what changed there and back in the meantime is not.
   */
  void onChange(Presence contact);

  /**
   * The session's connection changed. After {@link ConnectionState.Phase#OFFLINE} nothing follows.
   */
  default void onState(ConnectionState state) {}

  /** A server accepted a stream of this session: the first, or after a lost connection the next. */
  default void onHello(SessionInfo info) {}
}
