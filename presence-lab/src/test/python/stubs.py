"""The API as somebody uses it who has only its .proto files: stubs by grpcio-tools, plain gRPC, no library of ours.

Generates the stubs into a temporary folder, lives through one scenario with two users who are each other's contacts,
and provokes every error that a caller can provoke. Prints a line for each check, and for each error that is left out:

    ok <check>
    error <REASON> <STATUS>: <how it was provoked>
    left out <REASON>: <why>

The first thing that is not as expected ends it with exit status 1 and one line on stderr.

Needs grpcio, grpcio-tools, grpcio-status and googleapis-common-protos. Usage: see --help.
"""

import argparse
import base64
import contextlib
import importlib
import json
import pathlib
import queue
import sys
import tempfile
import threading
import time
import uuid

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

SOON = 10  # seconds in which everything here has to happen
PING = 15  # seconds in which a Ping has to come: each 8 s by default
DOMAIN = "presence"

# Errors of docs/protocol.md that no caller can provoke by a native call, or none should.
REST_ONLY = "said to REST calls only"
LEFT_OUT = {
    "OWNER_UNREACHABLE": "takes a server that the others cannot reach",
    "ROSTER_UNAVAILABLE": "takes a server that cannot reach its database",
    "NOT_SERVING": "takes a server that starts or stops",
    "OVERLOADED": "takes a flood of Opens",
    "INTERNAL": "takes a defect of a server",
    "UNKNOWN_PATH": REST_ONLY,
    "MALFORMED_REQUEST": REST_ONLY,
    "MESSAGE_TOO_LARGE": REST_ONLY,
    "TIMEOUT": REST_ONLY,
    "RATE_LIMITED": "takes a flood of calls, which would hit the edge's other callers",
}


class Mismatch(Exception):
    """Something is not as the contract says."""


def generate(protos, imports, folder):
    """Makes the stubs, and returns the modules of messages and of the service."""
    from grpc_tools import protoc

    failed = protoc.main(
        [
            "protoc",
            f"--proto_path={protos}",
            f"--proto_path={imports}",
            f"--proto_path={pathlib.Path(protoc.__file__).parent / '_proto'}",
            f"--python_out={folder}",
            f"--grpc_python_out={folder}",
            str(protos / "presence/v1/presence.proto"),
        ]
    )
    if failed:
        raise Mismatch("grpc_tools.protoc cannot generate stubs from presence.proto")
    sys.path.insert(0, str(folder))
    return (
        importlib.import_module("presence.v1.presence_pb2"),
        importlib.import_module("presence.v1.presence_pb2_grpc"),
    )


def subject(token):
    """The user whose token this is."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


def metadata(token, **more):
    bearer = [("authorization", f"Bearer {token}")] if token else []
    return bearer + [(name.replace("_", "-"), value) for name, value in more.items()]


def expect(what, actual, expected):
    if actual != expected:
        raise Mismatch(f"{what}: expected {expected}, got {actual}")


def ok(check):
    print(f"ok {check}", flush=True)


class Down:
    """What comes down a stream, in the order in which it comes. `call` makes the stream."""

    def __init__(self, call):
        self.call = call
        self.seen = []
        self._messages = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for message in self.call:
                self._messages.put(message)
            self._messages.put(None)
        except grpc.RpcError as error:
            self._messages.put(error)

    def next(self, timeout=SOON):
        """The next message; None at the end of a stream that ended well, and the error of one that did not."""
        try:
            message = self._messages.get(timeout=timeout)
        except queue.Empty:
            raise Mismatch(f"nothing came for {timeout} s; before: {self.seen}") from None
        self.seen.append(message)
        return message

    def until(self, what, test, timeout=SOON):
        """The first message for which `test` is true. What comes before is skipped."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            message = self.next(left)
            if message is None or isinstance(message, grpc.RpcError):
                raise Mismatch(f"{what}: the stream has ended ({message})")
            if test(message):
                return message
        raise Mismatch(f"{what}: not within {timeout} s; came: {self.seen}")

    def kind(self, name, timeout=SOON):
        return getattr(self.until(name, lambda m: m.WhichOneof("kind") == name, timeout), name)

    def hello(self):
        """The first message, which must be Hello."""
        first = self.next()
        if first is None or isinstance(first, grpc.RpcError) or first.WhichOneof("kind") != "hello":
            raise Mismatch(f"the first message: expected hello, got {first}")
        return first.hello

    def snapshot(self):
        """The users in the snapshot and their states, once all who are not offline have been listed."""
        states = {}
        while True:
            part = self.kind("snapshot")
            states.update((presence.user_id, presence.state) for presence in part.presences)
            if part.complete:
                return states

    def hears(self, user, state):
        """Waits for the change of a user to a state. Returns the states on the way there."""
        states = []

        def tells(message):
            states.extend(p.state for p in message.changes.presences if p.user_id == user)
            return state in states

        self.until(f"{user} changes to state {state}", tells)
        return states

    def error(self):
        """The error that ends the stream."""
        while True:
            message = self.next()
            if message is None:
                raise Mismatch(f"the stream ended well, expected an error; came: {self.seen}")
            if isinstance(message, grpc.RpcError):
                return message

    def closed(self):
        """The last message, Closed. The stream's status must be OK."""
        closed = self.kind("closed")
        expect("after Closed", self.next(), None)
        expect("the status after Closed", self.call.code(), grpc.StatusCode.OK)
        return closed


class Connect(Down):
    """A stream in both directions."""

    def __init__(self, service, token, *messages):
        self._up = queue.Queue()
        for message in messages:
            self.send(message)
        super().__init__(service.Connect(iter(self._up.get, None), metadata=metadata(token)))

    def send(self, message):
        self._up.put(message)

    def half_close(self):
        self._up.put(None)

    def cancel(self):
        """Ends the stream without a word, as a lost connection does."""
        self.call.cancel()
        self.half_close()


class Scenario:
    def __init__(self, api, service, arguments):
        self.api = api
        self.service = service
        self.tokens = arguments
        self.alice = subject(arguments.token)
        self.bob = subject(arguments.friend)

    def open(self, session="", attempt=1, device="python"):
        return self.api.Open(session_id=session, attempt=attempt, device=device)

    def opening(self, **more):
        return self.api.ClientMessage(open=self.open(**more))

    def run(self):
        self.native_app()
        self.browser()
        self.errors_of_tokens()
        self.errors_of_streams()
        self.errors_of_questions()
        self.errors_of_sessions()
        for reason, why in LEFT_OUT.items():
            print(f"left out {reason}: {why}")

    # --- What works ---

    def native_app(self):
        api = self.api
        alice = Connect(self.service, self.tokens.token, self.opening())
        hello = alice.hello()
        expect("Hello.resumed of a new session", hello.resumed, False)
        ok("Connect: Hello comes first")
        states = alice.snapshot()
        expect("the friend in the snapshot", states.get(self.bob, "not listed"), "not listed")
        ok("Connect: the snapshot is complete, and the friend is offline")

        bob = Connect(self.service, self.tokens.friend, self.opening())
        bob.hello()
        expect("the caller in the friend's snapshot", bob.snapshot().get(self.alice), api.PRESENCE_STATE_ONLINE)
        alice.hears(self.bob, api.PRESENCE_STATE_ONLINE)
        ok("Connect: the friend comes, and each sees the other")
        bob.send(api.ClientMessage(update_status=api.UpdateStatus(activity=api.ACTIVITY_AWAY)))
        alice.hears(self.bob, api.PRESENCE_STATE_AWAY)
        ok("Connect: the friend's change is seen")

        alice.send(api.ClientMessage(heartbeat=api.Heartbeat(sequence=7)))
        expect("HeartbeatAck.sequence", alice.kind("heartbeat_ack").sequence, 7)
        ok("Connect: a heartbeat is answered")

        alice.cancel()
        alice = Connect(self.service, self.tokens.token, self.opening(session=hello.session_id, attempt=2))
        again = alice.hello()
        expect("Hello.resumed of attempt 2", again.resumed, True)
        expect("Hello.session_id of attempt 2", again.session_id, hello.session_id)
        expect("the friend in the snapshot", alice.snapshot().get(self.bob), api.PRESENCE_STATE_AWAY)
        ok("Connect: a stream cut without a word is resumed, and the snapshot tells what is now")

        alice.send(api.ClientMessage(update_status=api.UpdateStatus(activity=api.ACTIVITY_AWAY)))
        heard = bob.hears(self.alice, api.PRESENCE_STATE_AWAY)
        if api.PRESENCE_STATE_OFFLINE in heard:
            raise Mismatch(f"after the cut: expected the friend to hear of no offline, heard states {heard}")
        ok("Connect: of the cut the friend has heard nothing, but hears of the change that follows")

        alice.send(api.ClientMessage(sign_out=api.SignOut()))
        alice.half_close()
        expect("Closed.reason", alice.closed().reason, api.CLOSE_REASON_SIGNED_OUT)
        bob.hears(self.alice, api.PRESENCE_STATE_OFFLINE)
        ok("Connect: SignOut is answered by Closed and status OK, and the friend hears of it")
        bob.half_close()
        expect("Closed.reason of a half-closed stream", bob.closed().reason, api.CLOSE_REASON_SIGNED_OUT)
        ok("Connect: half-closing is a sign-out")

    def subscribe(self, session="", attempt=1):
        request = self.api.SubscribeRequest(open=self.open(session, attempt))
        return Down(self.service.Subscribe(request, metadata=metadata(self.tokens.token)))

    def heartbeat(self, session, attempt=1, sequence=0, **more):
        request = self.api.HeartbeatRequest(session_id=session, attempt=attempt, sequence=sequence)
        return self.service.Heartbeat(request, metadata=metadata(self.tokens.token, **more), timeout=SOON)

    def disconnect(self, session, attempt=1):
        request = self.api.DisconnectRequest(
            session_id=session, attempt=attempt, departure=self.api.DEPARTURE_SIGN_OUT
        )
        self.service.Disconnect(request, metadata=metadata(self.tokens.token), timeout=SOON)

    def browser(self):
        stream = self.subscribe()
        hello = stream.hello()
        stream.snapshot()
        ok("Subscribe: Hello and a complete snapshot")
        ping = stream.kind("ping", PING)
        answer = self.heartbeat(hello.session_id, 1, ping.sequence, x_presence_route=hello.route)
        expect("HeartbeatResponse.sequence", answer.sequence, ping.sequence)
        ok("Heartbeat: answers a Ping, sent along Hello.route")
        self.disconnect(hello.session_id)
        expect("Closed.reason", stream.closed().reason, self.api.CLOSE_REASON_SIGNED_OUT)
        ok("Disconnect: the stream ends with Closed and status OK")

    # --- What is refused ---

    def refused(self, error, status, reason, how):
        """Checks an error: its status, and the one ErrorInfo in its details. Returns the ErrorInfo's metadata."""
        expect(f"the status of {reason} ({how})", error.code().name, status)
        details = rpc_status.from_call(error)
        infos = []
        for detail in details.details if details else []:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                infos.append((info.domain, info.reason, dict(info.metadata)))
        expect(f"the ErrorInfo of {reason} ({how})", [info[:2] for info in infos], [(DOMAIN, reason)])
        if not error.details():
            raise Mismatch(f"{reason} ({how}) has no message for people")
        print(f"error {reason} {status}: {how}", flush=True)
        return infos[0][2]

    def refuses(self, status, reason, how, call):
        """Makes a call, and checks its error."""
        try:
            answer = call()
        except grpc.RpcError as error:
            return self.refused(error, status, reason, how)
        raise Mismatch(f"{reason} ({how}): expected {status}, got an answer: {answer}")

    def get(self, user, token):
        request = self.api.GetPresenceRequest(user_id=user)
        return self.service.GetPresence(request, metadata=metadata(token), timeout=SOON)

    def errors_of_tokens(self):
        bad = {
            "TOKEN_MISSING": None,
            "TOKEN_INVALID": "noise",
            "TOKEN_EXPIRED": self.tokens.expired,
            "TOKEN_WRONG_AUDIENCE": self.tokens.wrong_audience,
        }
        for reason, token in bad.items():
            self.refuses("UNAUTHENTICATED", reason, "GetPresence", lambda: self.get(self.bob, token))
            stream = Connect(self.service, token, self.opening())
            self.refused(stream.error(), "UNAUTHENTICATED", reason, "Connect")
            stream.half_close()

    def errors_of_streams(self):
        api = self.api
        beat = api.ClientMessage(heartbeat=api.Heartbeat(sequence=1))
        for status, reason, how, messages in (
            ("FAILED_PRECONDITION", "OPEN_REQUIRED", "Connect with a heartbeat first", [beat]),
            ("FAILED_PRECONDITION", "OPEN_REPEATED", "Connect with two Opens", [self.opening(), self.opening()]),
            ("INVALID_ARGUMENT", "EMPTY_MESSAGE", "Connect with no kind", [self.opening(), api.ClientMessage()]),
            ("INVALID_ARGUMENT", "INVALID_FIELD", "Connect with a bad device", [self.opening(device="no device")]),
        ):
            stream = Connect(self.service, self.tokens.token, *messages)
            self.refused(stream.error(), status, reason, how)
            stream.half_close()

    def batch(self, count):
        request = self.api.BatchGetPresenceRequest(user_ids=[f"user-{i}" for i in range(count)])
        return self.service.BatchGetPresence(request, metadata=metadata(self.tokens.token), timeout=SOON)

    def errors_of_questions(self):
        token = self.tokens.token
        said = self.refuses("INVALID_ARGUMENT", "INVALID_FIELD", "GetPresence of no id", lambda: self.get("?", token))
        expect("the metadata of INVALID_FIELD", sorted(said), ["expected", "field", "value"])
        self.refuses("INVALID_ARGUMENT", "BATCH_EMPTY", "BatchGetPresence of none", lambda: self.batch(0))
        self.refuses("INVALID_ARGUMENT", "BATCH_TOO_LARGE", "BatchGetPresence of 1,001", lambda: self.batch(1001))
        service = self.tokens.service
        self.refuses("NOT_FOUND", "USER_NOT_FOUND", "GetPresence by a service", lambda: self.get("nobody", service))
        contacts = self.api.ListContactsRequest(user_id=self.bob)
        self.refuses(
            "PERMISSION_DENIED",
            "SCOPE_MISSING",
            "ListContacts of somebody else",
            lambda: self.service.ListContacts(contacts, metadata=metadata(token), timeout=SOON),
        )

    def errors_of_sessions(self):
        def beats(session):
            return lambda: self.heartbeat(session)

        self.refuses("NOT_FOUND", "SESSION_NOT_FOUND", "Heartbeat for no session", beats(str(uuid.uuid4())))
        stream = self.subscribe()
        session = stream.hello().session_id
        stream.call.cancel()
        self.await_the_cut(session)
        self.refuses("FAILED_PRECONDITION", "SESSION_SUSPENDED", "Heartbeat after the stream was cut", beats(session))
        second = self.subscribe(session, 2)
        expect("Hello.resumed of attempt 2", second.hello().resumed, True)
        self.refuses("FAILED_PRECONDITION", "SESSION_REPLACED", "Heartbeat of attempt 1 after 2", beats(session))
        self.disconnect(session, 2)
        second.closed()

    def await_the_cut(self, session):
        """The server hears of a cut a moment later; until then heartbeats count."""
        deadline = time.monotonic() + SOON
        with contextlib.suppress(grpc.RpcError):
            while time.monotonic() < deadline:
                self.heartbeat(session)
                time.sleep(0.05)
            raise Mismatch(f"heartbeats still count {SOON} s after the stream was cut")


def arguments():
    parser = argparse.ArgumentParser(description="Lives through the API with stubs of grpcio-tools.")
    parser.add_argument("--edge", required=True, help="HOST:PORT of Envoy, without TLS")
    parser.add_argument("--protos", required=True, type=pathlib.Path, help="the folder of presence/v1")
    parser.add_argument("--imports", required=True, type=pathlib.Path, help="the folder of google/api")
    parser.add_argument("--token", required=True, help="a user's token")
    parser.add_argument("--friend", required=True, help="the token of a contact of that user; both are offline")
    parser.add_argument("--service", required=True, help="a service's token with the scope presence.read.any")
    parser.add_argument("--expired", required=True, help="a token that has expired")
    parser.add_argument("--wrong-audience", required=True, help="a token for another audience")
    return parser.parse_args()


def main():
    given = arguments()
    try:
        with tempfile.TemporaryDirectory(prefix="presence-stubs") as folder:
            api, grpc_api = generate(given.protos, given.imports, pathlib.Path(folder))
            ok("grpc_tools.protoc generates the stubs")
            with grpc.insecure_channel(given.edge) as channel:
                Scenario(api, grpc_api.PresenceServiceStub(channel), given).run()
    except Mismatch as mismatch:
        fail(mismatch)
    except grpc.RpcError as error:
        fail(f"a call that should succeed failed: {error}")


def fail(why):
    sys.exit("mismatch: " + " ".join(str(why).split()))


if __name__ == "__main__":
    main()
