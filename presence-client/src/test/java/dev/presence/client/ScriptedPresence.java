package dev.presence.client;

import static dev.presence.client.Words.ack;
import static dev.presence.client.Words.closed;
import static dev.presence.client.Words.complete;
import static dev.presence.client.Words.hello;
import static dev.presence.client.Words.lastSeenComplete;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.presence.v1.BatchGetPresenceRequest;
import dev.presence.v1.BatchGetPresenceResponse;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.CloseReason;
import dev.presence.v1.Contact;
import dev.presence.v1.GetPresenceRequest;
import dev.presence.v1.GetPresenceResponse;
import dev.presence.v1.ListContactsRequest;
import dev.presence.v1.ListContactsResponse;
import dev.presence.v1.Open;
import dev.presence.v1.Presence;
import dev.presence.v1.PresenceResult;
import dev.presence.v1.PresenceServiceGrpc;
import dev.presence.v1.ReconnectAdvice;
import dev.presence.v1.ServerMessage;
import dev.presence.v1.UserNotFound;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A presence service on real gRPC that does as the test says: it answers hello, heartbeats and
 * sign-outs unless told otherwise, and says the rest when asked to.
 */
public final class ScriptedPresence extends PresenceServiceGrpc.PresenceServiceImplBase
    implements ServerInterceptor {
  private static final Context.Key<String> TOKEN = Context.key("token");

  /** All streams so far, in the order of their opens. */
  public final List<Connection> connections = new CopyOnWriteArrayList<>();

  /** The roster, by user id. */
  public final Map<String, Contact> contacts = new LinkedHashMap<>();

  /** Tokens of unary calls so far. */
  public final List<String> unaryTokens = new CopyOnWriteArrayList<>();

  /** Sizes of batches and pages asked for so far. */
  public final List<Integer> sizes = new CopyOnWriteArrayList<>();

  /** What happens on an open. */
  public volatile Consumer<Connection> onOpen = connection -> connection.welcome();

  /** The token that is refused. */
  public volatile String refused = "";

  /** The largest page of contacts. */
  public volatile int pageSize = 100;

  /** One stream, from the server's side. */
  public final class Connection implements StreamObserver<ClientMessage> {
    public final String token = TOKEN.get();
    public final List<ClientMessage> received = new CopyOnWriteArrayList<>();
    public volatile boolean over;
    private final StreamObserver<ServerMessage> down;

    private Connection(StreamObserver<ServerMessage> down) {
      this.down = down;
    }

    public Open open() {
      return received.get(0).getOpen();
    }

    public synchronized void say(ServerMessage message) {
      if (!over) {
        down.onNext(message);
      }
    }

    public synchronized void fail(Status.Code code, String reason) {
      if (!over) {
        over = true;
        down.onError(failure(code, reason));
      }
    }

    /** Hello, and a snapshot of the contacts. */
    public void welcome() {
      String id = open().getSessionId();
      say(hello(id.isEmpty() ? "s1" : id, !id.isEmpty(), 1_000));
      List<Presence> all = contacts.values().stream().map(Contact::getPresence).toList();
      say(complete(all.stream().filter(p -> !p.hasLastSeen()).toArray(Presence[]::new)));
      say(lastSeenComplete(all.stream().filter(Presence::hasLastSeen).toArray(Presence[]::new)));
    }

    @Override
    public void onNext(ClientMessage message) {
      received.add(message);
      if (message.hasOpen()) {
        connections.add(this);
        onOpen.accept(this);
      } else if (message.hasHeartbeat()) {
        say(ack(message.getHeartbeat().getSequence()));
      } else if (message.hasSignOut()) {
        say(closed(CloseReason.CLOSE_REASON_SIGNED_OUT, ReconnectAdvice.RECONNECT_ADVICE_STOP));
        finish();
      }
    }

    private synchronized void finish() {
      if (!over) {
        over = true;
        down.onCompleted();
      }
    }

    @Override
    public void onError(Throwable failure) {
      over = true;
    }

    @Override
    public void onCompleted() {
      finish();
    }
  }

  /** Starts on loopback; port 0 is any free one. */
  public Server start(int port) throws IOException {
    return ServerBuilder.forPort(port).addService(this).intercept(this).build().start();
  }

  public Connection last() {
    return connections.get(connections.size() - 1);
  }

  public void contact(String userId, String name, Presence presence) {
    contacts.put(userId, Contact.newBuilder().setName(name).setPresence(presence).build());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String header =
        Objects.requireNonNullElse(
            headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)), "");
    String token = header.replace("Bearer ", "");
    if (token.equals(refused)) {
      StatusRuntimeException why = failure(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
      call.close(why.getStatus(), Objects.requireNonNull(why.getTrailers()));
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
  }

  private static StatusRuntimeException failure(Status.Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage("the script says so")
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setDomain("presence").setReason(reason).build()))
            .build());
  }

  @Override
  public StreamObserver<ClientMessage> connect(StreamObserver<ServerMessage> down) {
    return new Connection(down);
  }

  @Override
  public void getPresence(GetPresenceRequest request, StreamObserver<GetPresenceResponse> answer) {
    unaryTokens.add(TOKEN.get());
    Contact contact = contacts.get(request.getUserId());
    if (contact == null) {
      answer.onError(failure(Status.Code.NOT_FOUND, "USER_NOT_FOUND"));
      return;
    }
    answer.onNext(GetPresenceResponse.newBuilder().setPresence(contact.getPresence()).build());
    answer.onCompleted();
  }

  @Override
  public void batchGetPresence(
      BatchGetPresenceRequest request, StreamObserver<BatchGetPresenceResponse> answer) {
    sizes.add(request.getUserIdsCount());
    BatchGetPresenceResponse.Builder response = BatchGetPresenceResponse.newBuilder();
    for (String userId : request.getUserIdsList()) {
      response.addResults(result(userId, contacts.get(userId)));
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  private static PresenceResult result(String userId, @Nullable Contact contact) {
    PresenceResult.Builder result = PresenceResult.newBuilder().setUserId(userId);
    return contact == null
        ? result.setNotFound(UserNotFound.getDefaultInstance()).build()
        : result.setPresence(contact.getPresence()).build();
  }

  @Override
  public void listContacts(
      ListContactsRequest request, StreamObserver<ListContactsResponse> answer) {
    List<Contact> all = new ArrayList<>(contacts.values());
    int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    int to = Math.min(all.size(), from + Math.min(pageSize, request.getPageSize()));
    sizes.add(to - from);
    answer.onNext(
        ListContactsResponse.newBuilder()
            .addAllContacts(all.subList(from, to))
            .setNextPageToken(to == all.size() ? "" : Integer.toString(to))
            .build());
    answer.onCompleted();
  }
}
