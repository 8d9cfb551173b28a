package dev.presence.server.grpc;

import io.grpc.Status;

/**
 * The public table of errors: each is the {@code reason} of a {@code google.rpc.ErrorInfo} and
 * keeps its name and its status code between releases.
 */
enum ErrorReason {
  /** No bearer token in {@code authorization}. */
  TOKEN_MISSING(Status.Code.UNAUTHENTICATED),
  /** The token is malformed, signed in another way or by another key, or says nothing useful. */
  TOKEN_INVALID(Status.Code.UNAUTHENTICATED),
  /** The token's time is over. */
  TOKEN_EXPIRED(Status.Code.UNAUTHENTICATED),
  /** The token was made for somebody else. */
  TOKEN_WRONG_AUDIENCE(Status.Code.UNAUTHENTICATED),
  /** The token lacks a scope that the call needs. */
  SCOPE_MISSING(Status.Code.PERMISSION_DENIED),
  /** The first message of a stream was not Open. */
  OPEN_REQUIRED(Status.Code.FAILED_PRECONDITION),
  /** A second Open on one stream. */
  OPEN_REPEATED(Status.Code.FAILED_PRECONDITION),
  /** A message without a known kind. */
  EMPTY_MESSAGE(Status.Code.INVALID_ARGUMENT),
  /** A field is out of its range. */
  INVALID_FIELD(Status.Code.INVALID_ARGUMENT),
  /** A batch of no users. */
  BATCH_EMPTY(Status.Code.INVALID_ARGUMENT),
  /** A batch of too many users. */
  BATCH_TOO_LARGE(Status.Code.INVALID_ARGUMENT),
  /** There is no such user; said only to those who may see all. */
  USER_NOT_FOUND(Status.Code.NOT_FOUND),
  /** The caller has no such session, or has it no more. */
  SESSION_NOT_FOUND(Status.Code.NOT_FOUND),
  /** The session has lost its stream; it waits for a new one. */
  SESSION_SUSPENDED(Status.Code.FAILED_PRECONDITION),
  /** A newer attempt carries the session. */
  SESSION_REPLACED(Status.Code.FAILED_PRECONDITION),
  /** The server that holds the session does not answer now. */
  OWNER_UNREACHABLE(Status.Code.UNAVAILABLE),
  /** The roster cannot be had now. */
  ROSTER_UNAVAILABLE(Status.Code.UNAVAILABLE),
  /** This server does not serve (yet, or any more); another one does. */
  NOT_SERVING(Status.Code.UNAVAILABLE),
  /** Too many open streams at once; the details say when to try again. */
  OVERLOADED(Status.Code.RESOURCE_EXHAUSTED),
  /** A defect of the server; the metadata {@code id} finds it in the log. */
  INTERNAL(Status.Code.INTERNAL);

  private final Status.Code code;

  ErrorReason(Status.Code code) {
    this.code = code;
  }

  Status.Code code() {
    return code;
  }
}
