package dev.presence.lab.behaviour;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.rpc.ErrorInfo;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls as a browser puts them on the wire: gRPC-Web, binary, over HTTP/1.1. */
final class GrpcWeb implements AutoCloseable {

  private static final String SERVICE = "/presence.v1.PresenceService/";
  private static final String TYPE = "application/grpc-web+proto";
  private static final int TRAILERS = 0x80;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String address;
  private final @Nullable String token;

  /** Calls to an edge, host and port, with this token or none. */
  GrpcWeb(String address, @Nullable String token) {
    this.address = address;
    this.token = token;
  }

  /**
   * What came of a call.
   *
   * @param reason of its {@code ErrorInfo}; empty without one
   * @param message the answer; empty where there is none
   */
  record Answer(Code code, String reason, ByteString message) {

    <T> T as(Parser<T> parser) {
      try {
        return parser.parseFrom(message);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }

  Answer call(String method, MessageLite request, String... headers) {
    return call(method, framed(request.toByteArray()), headers);
  }

  /** The same with a body that the test makes up. */
  Answer call(String method, byte[] body, String... headers) {
    HttpResponse<InputStream> response = send(method, body, headers);
    try (InputStream in = response.body()) {
      return answer(response.headers(), in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stream down: its frames as they come. Closing it is what closing a tab does. */
  InputStream open(String method, MessageLite request) {
    return send(method, framed(request.toByteArray())).body();
  }

  private HttpResponse<InputStream> send(String method, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address + SERVICE + method))
            .header("content-type", TYPE)
            .header("x-grpc-web", "1")
            .POST(BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static Answer answer(HttpHeaders headers, InputStream in) throws IOException {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    Map<String, String> trailers = new HashMap<>();
    headers.map().forEach((name, values) -> trailers.put(name, values.getFirst()));
    try (DataInputStream frames = new DataInputStream(in)) {
      while (true) {
        int flags = frames.readUnsignedByte();
        byte[] content = frames.readNBytes(frames.readInt());
        if ((flags & TRAILERS) == 0) {
          messages.write(content);
        } else {
          new String(content, StandardCharsets.US_ASCII)
              .lines()
              .forEach(
                  line -> {
                    int colon = line.indexOf(':');
                    trailers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
                  });
        }
      }
    } catch (EOFException end) {
      String status = trailers.getOrDefault("grpc-status", "2");
      return new Answer(
          io.grpc.Status.fromCodeValue(Integer.parseInt(status)).getCode(),
          reason(trailers.get("grpc-status-details-bin")),
          ByteString.copyFrom(messages.toByteArray()));
    }
  }

  private static String reason(@Nullable String details) {
    if (details == null) {
      return "";
    }
    try {
      var status = com.google.rpc.Status.parseFrom(Base64.getDecoder().decode(details));
      return status.getDetails(0).unpack(ErrorInfo.class).getReason();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
