package dev.presence.client;

/** Why the library has given up a session. */
public enum OfflineReason {
  /** The user signed out, here or by the server's word. */
  SIGNED_OUT,
  /** The app called {@link PresenceSession#close()}. */
  LEFT,
  /** The token was refused, and so was the one the app gave when asked again. */
  UNAUTHENTICATED,
  /** The token is good, but not for this. */
  PERMISSION_DENIED,
  /** The server finds fault with what the library sent; trying again would not help. */
  REJECTED,
  /** The same session was taken over by a client other than this one. */
  REPLACED,
  /** The server asked not to come back. */
  TOLD_TO_STOP,
  /** The app shut the channel down. */
  CHANNEL_SHUT_DOWN
}
