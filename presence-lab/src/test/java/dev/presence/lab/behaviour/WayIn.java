package dev.presence.lab.behaviour;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the three ways in which a question reaches the servers through Envoy. */
interface WayIn {

  /**
   * A question in the words of each way.
   *
   * @param method the call
   * @param message the request
   * @param path of the REST call, with its query
   * @param body of the REST call as JSON; null for a GET
   */
  record Question(
      MethodDescriptor<? extends Message, ? extends Message> method,
      Message message,
      String path,
      @Nullable String body) {

    Message emptyAnswer() {
      return ((MethodDescriptor.PrototypeMarshaller<? extends Message>)
              method.getResponseMarshaller())
          .getMessagePrototype();
    }
  }

  /**
   * What came of it.
   *
   * @param reason of an error; empty without one
   * @param message the answer; the empty one after an error
   */
  record Outcome(Code code, String reason, Message message) {}

  /** Asks; without a token if that is null. */
  Outcome ask(Question question, @Nullable String token);

  /** By generated stubs over HTTP/2. */
  static WayIn grpc(ManagedChannel channel) {
    return (question, token) -> {
      try {
        return new Outcome(Code.OK, "", unary(channel, question, question.method(), token));
      } catch (StatusRuntimeException e) {
        return new Outcome(e.getStatus().getCode(), Stub.reason(e), question.emptyAnswer());
      }
    };
  }

  @SuppressWarnings("unchecked") // the question's message is of its method
  private static <Q, A> A unary(
      ManagedChannel channel,
      Question question,
      MethodDescriptor<Q, A> method,
      @Nullable String token) {
    return ClientCalls.blockingUnaryCall(
        Stub.with(channel, token), method, CallOptions.DEFAULT, (Q) question.message());
  }

  /** As a browser does. */
  static WayIn grpcWeb(String address) {
    return (question, token) -> {
      try (GrpcWeb web = new GrpcWeb(address, token)) {
        String method = String.valueOf(question.method().getBareMethodName());
        GrpcWeb.Answer answer = web.call(method, question.message());
        return new Outcome(
            answer.code(), answer.reason(), answer.as(question.emptyAnswer().getParserForType()));
      }
    };
  }

  /** As REST. */
  static WayIn rest(String address) {
    return (question, token) -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + address + question.path()));
      if (token != null) {
        request.header("authorization", "Bearer " + token);
      }
      String body = question.body();
      if (body != null) {
        request.header("content-type", "application/json").POST(BodyPublishers.ofString(body));
      }
      try (HttpClient http = HttpClient.newHttpClient()) {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return response.statusCode() == 200
            ? new Outcome(Code.OK, "", message(question, response.body()))
            : error(question, response);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    };
  }

  private static Message message(Question question, String json) {
    Message.Builder answer = question.emptyAnswer().newBuilderForType();
    try {
      JsonFormat.parser().merge(json, answer);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
    return answer.build();
  }

  private static Outcome error(Question question, HttpResponse<String> response) {
    try {
      Map<String, Object> said = JSONObjectUtils.parse(response.body());
      return new Outcome(
          io.grpc.Status.fromCodeValue(JSONObjectUtils.getInt(said, "code")).getCode(),
          JSONObjectUtils.getString(said, "reason"),
          question.emptyAnswer());
    } catch (ParseException e) {
      throw new AssertionError(response.statusCode() + ": " + response.body(), e);
    }
  }
}
