package dev.presence.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presence.internal.v1.PagePlace;
import dev.presence.server.model.Presence;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Directory;
import dev.presence.server.presence.PresenceQueries.ListedContact;
import java.util.Base64;

/**
 * Where a page ended: its last entry, as it stood then. The next page begins behind that place in
 * the order, whoever has come or gone since, so the server remembers nothing. To callers a token is
 * opaque; it says nothing that the page did not say.
 */
final class PageToken {

  private static final String EXPECTED = "the next_page_token of an earlier answer";

  private PageToken() {}

  /** Behind this contact. */
  static String of(ListedContact last) {
    return encode(
        place(last.name(), last.presence().user().value())
            .setContact(
                PagePlace.Contact.newBuilder()
                    .setOffline(last.presence().state() == PresenceState.OFFLINE)
                    .setLastSeenMillis(last.presence().lastSeenMillis())));
  }

  /** Behind this place of the directory. */
  static String of(Directory.Place end) {
    return switch (end) {
      case Directory.Place.Contact(ListedContact last) -> of(last);
      case Directory.Place.User(String name, String id) -> encode(place(name, id));
    };
  }

  private static PagePlace.Builder place(String name, String id) {
    return PagePlace.newBuilder().setName(name).setUserId(id);
  }

  private static String encode(PagePlace.Builder place) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(place.build().toByteArray());
  }

  /** The place that a token names, as a contact that need not exist. */
  static ListedContact contact(String token) {
    if (place(token) instanceof Directory.Place.Contact(ListedContact last)) {
      return last;
    }
    throw invalid(token);
  }

  /** The place of the directory that a token names. */
  static Directory.Place place(String token) {
    try {
      PagePlace place = PagePlace.parseFrom(Base64.getUrlDecoder().decode(token));
      UserId user = new UserId(place.getUserId());
      if (place.getName().indexOf(0) >= 0) {
        throw new IllegalArgumentException("no name that a database could hold");
      }
      if (!place.hasContact()) {
        return new Directory.Place.User(place.getName(), user.value());
      }
      PagePlace.Contact contact = place.getContact();
      return new Directory.Place.Contact(
          new ListedContact(
              place.getName(),
              new Presence(
                  user,
                  contact.getOffline() ? PresenceState.OFFLINE : PresenceState.ONLINE,
                  contact.getLastSeenMillis())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw invalid(token);
    }
  }

  private static RuntimeException invalid(String token) {
    return GrpcErrors.invalidField("page_token", token, EXPECTED);
  }
}
