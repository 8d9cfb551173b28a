package dev.presence.lab.behaviour;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls over HTTP, as those make them who have no gRPC. */
final class Rest implements AutoCloseable {

  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Calls nobody yet.
   *
   * @param address of the proxy, {@code host:port}
   */
  Rest(String address) {
    this.address = address;
  }

  HttpRequest.Builder to(String path, @Nullable String bearer) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address + path));
    return bearer == null ? request : request.header("authorization", "Bearer " + bearer);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  CompletableFuture<HttpResponse<String>> begin(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** Asks for one user's presence. */
  HttpRequest.Builder presenceOf(@Nullable String bearer, String who) {
    return to("/v1/users/" + who + "/presence", bearer);
  }

  HttpResponse<String> presence(@Nullable String bearer, String who) {
    return send(presenceOf(bearer, who));
  }

  @Override
  public void close() {
    http.close();
  }
}
