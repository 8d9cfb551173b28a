package dev.presence.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.PresenceQueries.ListedContact;
import dev.presence.v1.Contact;
import java.util.Base64;

/**
 * Where a page of contacts ended: its last entry, as it stood then. The next page begins behind
 * that place in the order, whoever has come or gone since, so the server remembers nothing. To
 * callers a token is opaque; it says nothing that the page did not say.
 */
final class PageToken {

  private static final String EXPECTED = "the next_page_token of an earlier answer";

  private PageToken() {}

  static String of(Contact last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last.toByteArray());
  }

  /** The place that a token names, as a contact that need not exist. */
  static ListedContact parse(String token) {
    try {
      Contact last = Contact.parseFrom(Base64.getUrlDecoder().decode(token));
      boolean offline =
          switch (last.getPresence().getState()) {
            case PRESENCE_STATE_OFFLINE -> true;
            case PRESENCE_STATE_UNKNOWN,
                PRESENCE_STATE_ONLINE,
                PRESENCE_STATE_AWAY,
                PRESENCE_STATE_BUSY ->
                false;
            case PRESENCE_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("no state");
          };
      return new ListedContact(
          last.getName(),
          new Presence(
              new UserId(last.getPresence().getUserId()),
              offline ? PresenceState.OFFLINE : PresenceState.ONLINE,
              PresenceMessages.unixMillis(last.getPresence().getLastSeen())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw GrpcErrors.invalidField("page_token", token, EXPECTED);
    }
  }
}
