package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.PresenceQueries;
import dev.presence.server.presence.PresenceQueries.Freshness;
import dev.presence.server.presence.PresenceQueries.ListedContact;
import dev.presence.server.presence.PresenceQueries.Lookup;
import dev.presence.server.roster.Viewer;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.Contact;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc.PresenceServiceImplBase;
import dev.presence.v1.UserNotFound;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The unary calls: what is asked, checked and handed to {@link PresenceQueries}. */
final class PresenceGrpcService extends PresenceServiceImplBase {

  private static final int MAX_BATCH = 1_000;
  private static final int MAX_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 100;

  private final PresenceQueries queries;

  PresenceGrpcService(PresenceQueries queries) {
    this.queries = queries;
  }

  @Override
  public void getPresence(
      GetPresenceRequest request, StreamObserver<GetPresenceResponse> observer) {
    answer(
        observer,
        () ->
            queries
                .lookUp(viewer(), List.of(userId("user_id", request.getUserId())))
                .thenApply(lookups -> response(lookups.getFirst())));
  }

  private GetPresenceResponse response(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found found ->
          GetPresenceResponse.newBuilder()
              .setPresence(PresenceMessages.answer(found.presence(), queries.freshness()))
              .build();
      case Lookup.NotFound none ->
          throw GrpcErrors.of(ErrorReason.USER_NOT_FOUND, "there is no user '" + none.user() + "'");
    };
  }

  @Override
  public void batchGetPresence(
      BatchGetPresenceRequest request, StreamObserver<BatchGetPresenceResponse> observer) {
    answer(
        observer,
        () -> {
          List<UserId> users = batch(request);
          return queries.lookUp(viewer(), users).thenApply(lookups -> response(users, lookups));
        });
  }

  private static List<UserId> batch(BatchGetPresenceRequest request) {
    int size = request.getUserIdsCount();
    if (size == 0) {
      throw GrpcErrors.of(
          ErrorReason.BATCH_EMPTY, "user_ids has 0 entries, expected 1 to " + MAX_BATCH);
    }
    if (size > MAX_BATCH) {
      throw GrpcErrors.of(
          ErrorReason.BATCH_TOO_LARGE,
          "user_ids has " + size + " entries, expected 1 to " + MAX_BATCH);
    }
    List<UserId> users = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      users.add(userId("user_ids[" + i + "]", request.getUserIds(i)));
    }
    return users;
  }

  private BatchGetPresenceResponse response(List<UserId> users, List<Lookup> lookups) {
    Freshness freshness = queries.freshness();
    BatchGetPresenceResponse.Builder response = BatchGetPresenceResponse.newBuilder();
    for (int i = 0; i < lookups.size(); i++) {
      PresenceResult.Builder result = PresenceResult.newBuilder().setUserId(users.get(i).value());
      switch (lookups.get(i)) {
        case Lookup.Found found ->
            result.setPresence(PresenceMessages.answer(found.presence(), freshness));
        case Lookup.NotFound none -> result.setNotFound(UserNotFound.getDefaultInstance());
      }
      response.addResults(result);
    }
    return response.build();
  }

  @Override
  public void listContacts(
      ListContactsRequest request, StreamObserver<ListContactsResponse> observer) {
    answer(
        observer,
        () -> {
          UserId owner = owner(request.getUserId());
          int size = pageSize(request.getPageSize());
          String token = request.getPageToken();
          if (token.isEmpty()) {
            return queries.contacts(owner).thenApply(all -> page(all, 0, size));
          }
          ListedContact after = PageToken.parse(token);
          return queries.contacts(owner).thenApply(all -> page(all, behind(after, all), size));
        });
  }

  private static UserId owner(String asked) {
    Caller caller = Caller.current();
    UserId owner = asked.isEmpty() ? caller.user() : userId("user_id", asked);
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

  /** The first place in the order that comes after {@code last}. */
  private static int behind(ListedContact last, List<ListedContact> all) {
    int from = 0;
    while (from < all.size() && ListedContact.ORDER.compare(all.get(from), last) <= 0) {
      from++;
    }
    return from;
  }

  private ListContactsResponse page(List<ListedContact> all, int from, int size) {
    Freshness freshness = queries.freshness();
    ListContactsResponse.Builder response = ListContactsResponse.newBuilder();
    int to = Math.min(all.size(), from + size);
    for (ListedContact contact : all.subList(from, to)) {
      response.addContacts(
          Contact.newBuilder()
              .setName(contact.name())
              .setPresence(PresenceMessages.answer(contact.presence(), freshness)));
    }
    if (to < all.size()) {
      response.setNextPageToken(PageToken.of(response.getContacts(to - from - 1)));
    }
    return response.build();
  }

  private static UserId userId(String field, String value) {
    if (!UserId.isValid(value)) {
      throw GrpcErrors.invalidField(field, value, UserId.EXPECTED);
    }
    return new UserId(value);
  }

  private static Viewer viewer() {
    Caller caller = Caller.current();
    return new Viewer(caller.user(), caller.has(Caller.READ_ANY));
  }

  private static <T> void answer(
      StreamObserver<T> observer, Supplier<CompletionStage<T>> question) {
    CompletionStage<T> answer;
    try {
      answer = question.get();
    } catch (RuntimeException e) {
      observer.onError(GrpcErrors.from(e));
      return;
    }
    var _ =
        answer.whenComplete(
            (response, failure) -> {
              if (failure != null) {
                observer.onError(GrpcErrors.from(failure));
              } else {
                observer.onNext(response);
                observer.onCompleted();
              }
            });
  }
}
