package dev.presence.client;

import static java.util.Objects.requireNonNull;

/**
 * One entry of a user's contacts.
 *
 * @param name the contact's display name
 * @param presence what the user may see of the contact
 */
public record Contact(String name, Presence presence) {

  /** Checks that nothing is missing. */
  public Contact {
    requireNonNull(name, "name");
    requireNonNull(presence, "presence");
  }

  static Contact of(dev.presence.v1.Contact wire) {
    return new Contact(wire.getName(), Presence.of(wire.getPresence()));
  }
}
