package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.Directory;
import dev.presence.server.presence.PresenceQueries;
import dev.presence.server.presence.PresenceQueries.Freshness;
import dev.presence.server.presence.PresenceQueries.ListedContact;
import dev.presence.v1.Contact;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.ListUsersRequest;
import dev.presence.v1.ListUsersResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Lists, page by page. */
final class ListCalls {

  private static final int MAX_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 100;

  private final PresenceQueries queries;
  private final Directory directory;

  ListCalls(PresenceQueries queries, Directory directory) {
    this.queries = queries;
    this.directory = directory;
  }

  CompletionStage<ListContactsResponse> contacts(ListContactsRequest request) {
    UserId owner = owner(request.getUserId());
    int size = pageSize(request.getPageSize());
    String token = request.getPageToken();
    if (token.isEmpty()) {
      return queries.contacts(owner).thenApply(all -> page(all, 0, size));
    }
    ListedContact after = PageToken.contact(token);
    return queries
        .contacts(owner)
        .thenApply(all -> page(all, PresenceQueries.behind(after, all), size));
  }

  private static UserId owner(String asked) {
    Caller caller = Caller.current();
    UserId owner = asked.isEmpty() ? caller.user() : ClientMessages.userId("user_id", asked);
    if (!owner.equals(caller.user()) && !caller.has(Caller.READ_ANY)) {
      throw GrpcErrors.of(
          ErrorReason.SCOPE_MISSING,
          "the contacts of another user need the scope '" + Caller.READ_ANY + "'");
    }
    return owner;
  }

  private static int pageSize(int asked) {
    if (asked < 0 || asked > MAX_PAGE) {
      throw GrpcErrors.invalidField(
          "page_size", asked, "1 to " + MAX_PAGE + ", or 0 for " + DEFAULT_PAGE);
    }
    return asked == 0 ? DEFAULT_PAGE : asked;
  }

  private ListContactsResponse page(List<ListedContact> all, int from, int size) {
    Freshness freshness = queries.freshness();
    ListContactsResponse.Builder response = ListContactsResponse.newBuilder();
    int to = Math.min(all.size(), from + size);
    for (ListedContact contact : all.subList(from, to)) {
      response.addContacts(message(contact, freshness));
    }
    if (to < all.size()) {
      response.setNextPageToken(PageToken.of(all.get(to - 1)));
    }
    return response.build();
  }

  CompletionStage<ListUsersResponse> users(ListUsersRequest request) {
    int size = pageSize(request.getPageSize());
    String token = request.getPageToken();
    return directory
        .page(LookupCalls.viewer(), token.isEmpty() ? null : PageToken.place(token), size)
        .thenApply(this::response);
  }

  private ListUsersResponse response(Directory.Page page) {
    Freshness freshness = queries.freshness();
    ListUsersResponse.Builder response = ListUsersResponse.newBuilder();
    page.users().forEach(user -> response.addUsers(message(user, freshness)));
    Directory.Place end = page.end();
    if (end != null) {
      response.setNextPageToken(PageToken.of(end));
    }
    return response.build();
  }

  private static Contact message(ListedContact contact, Freshness freshness) {
    return Contact.newBuilder()
        .setName(contact.name())
        .setPresence(PresenceMessages.answer(contact.presence(), freshness))
        .build();
  }
}
