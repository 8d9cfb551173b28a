package dev.presence.client;

import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The calls that ask once. */
final class Lookups {
  static final int BATCH = 1_000;
  static final int PAGE_SIZE = 1_000;

  private final UnaryCalls calls;

  Lookups(UnaryCalls calls) {
    this.calls = calls;
  }

  CompletableFuture<Presence> getPresence(String userId) {
    GetPresenceRequest request = GetPresenceRequest.newBuilder().setUserId(userId).build();
    return calls
        .call(PresenceServiceGrpc.getGetPresenceMethod(), request)
        .thenApply(response -> Presence.of(response.getPresence()));
  }

  CompletableFuture<Map<String, Presence>> getPresences(List<String> userIds) {
    return getPresences(List.copyOf(userIds), new LinkedHashMap<>());
  }

  private CompletableFuture<Map<String, Presence>> getPresences(
      List<String> userIds, Map<String, Presence> found) {
    if (userIds.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    int size = Math.min(BATCH, userIds.size());
    BatchGetPresenceRequest request =
        BatchGetPresenceRequest.newBuilder().addAllUserIds(userIds.subList(0, size)).build();
    return calls
        .call(PresenceServiceGrpc.getBatchGetPresenceMethod(), request)
        .thenCompose(
            response -> {
              add(response, found);
              return getPresences(userIds.subList(size, userIds.size()), found);
            });
  }

  private static void add(BatchGetPresenceResponse response, Map<String, Presence> found) {
    for (PresenceResult result : response.getResultsList()) {
      if (result.hasPresence()) {
        found.put(result.getUserId(), Presence.of(result.getPresence()));
      }
    }
  }

  CompletableFuture<List<Contact>> listContacts() {
    return listContacts("", new ArrayList<>());
  }

  private CompletableFuture<List<Contact>> listContacts(String pageToken, List<Contact> found) {
    ListContactsRequest request =
        ListContactsRequest.newBuilder().setPageSize(PAGE_SIZE).setPageToken(pageToken).build();
    return calls
        .call(PresenceServiceGrpc.getListContactsMethod(), request)
        .thenCompose(
            (ListContactsResponse response) -> {
              response.getContactsList().forEach(contact -> found.add(Contact.of(contact)));
              return response.getNextPageToken().isEmpty()
                  ? CompletableFuture.completedFuture(found)
                  : listContacts(response.getNextPageToken(), found);
            });
  }
}
