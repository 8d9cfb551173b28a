package dev.presence.server.grpc;

import dev.presence.server.auth.Caller;
import dev.presence.server.model.UserId;
import dev.presence.server.presence.PresenceQueries;
import dev.presence.server.presence.PresenceQueries.Freshness;
import dev.presence.server.presence.PresenceQueries.Lookup;
import dev.presence.server.roster.Viewer;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.UserNotFound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Questions about users whom the caller names. */
final class LookupCalls {

  private static final int MAX_BATCH = 1_000;

  private final PresenceQueries queries;

  LookupCalls(PresenceQueries queries) {
    this.queries = queries;
  }

  /** The caller as one who looks at others. */
  static Viewer viewer() {
    Caller caller = Caller.current();
    return new Viewer(caller.user(), caller.has(Caller.READ_ANY));
  }

  CompletionStage<GetPresenceResponse> get(GetPresenceRequest request) {
    UserId user = ClientMessages.userId("user_id", request.getUserId());
    return queries
        .lookUp(viewer(), List.of(user))
        .thenApply(lookups -> response(lookups.getFirst()));
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

  CompletionStage<BatchGetPresenceResponse> batch(BatchGetPresenceRequest request) {
    List<UserId> users = users(request);
    return queries.lookUp(viewer(), users).thenApply(lookups -> response(users, lookups));
  }

  private static List<UserId> users(BatchGetPresenceRequest request) {
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
      users.add(ClientMessages.userId("user_ids[" + i + "]", request.getUserIds(i)));
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
}
