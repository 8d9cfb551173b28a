package dev.presence.server.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.ProtocolMessageEnum;
import dev.presence.server.model.Activity;
import dev.presence.server.model.Availability;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.UserId;
import dev.presence.server.session.OpenCommand;
import dev.presence.server.session.OpenCommand.Entry;
import dev.presence.server.session.SessionCall;
import dev.presence.v1.Departure;
import dev.presence.v1.DisconnectRequest;
import dev.presence.v1.Open;
import dev.presence.v1.UpdateStatus;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What clients send, checked and in the model's words. A field out of its range is refused with
 * {@link ErrorReason#INVALID_FIELD}.
 */
final class ClientMessages {

  private static final long MAX_AGE_SECONDS = 86_400;

  private static final Pattern DEVICE = Pattern.compile("[a-z0-9._-]{1,32}");
  private static final int MAX_VERSION_CHARACTERS = 64;

  private ClientMessages() {}

  static OpenCommand open(UserId user, Open open, Entry entry) {
    int attempt = attempt("open.attempt", open.getAttempt());
    if (!DEVICE.matcher(open.getDevice()).matches()) {
      throw GrpcErrors.invalidField(
          "open.device", open.getDevice(), "1 to 32 characters of [a-z0-9._-]");
    }
    String version = open.getClientVersion();
    if (version.codePointCount(0, version.length()) > MAX_VERSION_CHARACTERS) {
      throw GrpcErrors.invalidField(
          "open.client_version", version, "at most " + MAX_VERSION_CHARACTERS + " characters");
    }
    Activity activity = activity("open.activity", open.getActivity(), open.getActivityValue());
    return new OpenCommand(
        user,
        // What is no id of ours names no session that could be resumed: a new one begins.
        SessionId.parse(open.getSessionId()).orElse(null),
        attempt,
        open.getDevice(),
        activity == null ? Activity.ACTIVE : activity,
        entry);
  }

  static UserId userId(String field, String value) {
    if (!UserId.isValid(value)) {
      throw GrpcErrors.invalidField(field, value, UserId.EXPECTED);
    }
    return new UserId(value);
  }

  static int attempt(String field, int attempt) {
    if (attempt < 1) {
      throw GrpcErrors.invalidField(field, Integer.toUnsignedString(attempt), "1 to 2147483647");
    }
    return attempt;
  }

  /** How a browser leaves. */
  static SessionCall.Verb departure(DisconnectRequest request) {
    return switch (request.getDeparture()) {
      case DEPARTURE_SIGN_OUT -> new SessionCall.SignOut();
      case DEPARTURE_LEAVING -> new SessionCall.Leave();
      case DEPARTURE_UNSPECIFIED, UNRECOGNIZED ->
          throw GrpcErrors.invalidField(
              "departure",
              request.getDepartureValue(),
              oneOf(Departure.DEPARTURE_SIGN_OUT, Departure.DEPARTURE_LEAVING));
    };
  }

  /** The activity that was set, null if none was said. */
  static @Nullable Activity activity(UpdateStatus update) {
    return activity("update_status.activity", update.getActivity(), update.getActivityValue());
  }

  private static @Nullable Activity activity(
      String field, dev.presence.v1.Activity activity, int number) {
    return switch (activity) {
      case ACTIVITY_UNSPECIFIED -> null;
      case ACTIVITY_ACTIVE -> Activity.ACTIVE;
      case ACTIVITY_AWAY -> Activity.AWAY;
      case UNRECOGNIZED ->
          throw GrpcErrors.invalidField(
              field,
              number,
              oneOf(
                  dev.presence.v1.Activity.ACTIVITY_ACTIVE,
                  dev.presence.v1.Activity.ACTIVITY_AWAY));
    };
  }

  /** The wish that was set, null if none was. */
  static @Nullable Availability availability(UpdateStatus update) {
    if (!update.hasAvailability()) {
      return null;
    }
    return switch (update.getAvailability()) {
      case AVAILABILITY_AVAILABLE -> Availability.AVAILABLE;
      case AVAILABILITY_BUSY -> Availability.BUSY;
      case AVAILABILITY_UNSPECIFIED, UNRECOGNIZED ->
          throw GrpcErrors.invalidField(
              "update_status.availability",
              update.getAvailabilityValue(),
              oneOf(
                  dev.presence.v1.Availability.AVAILABILITY_AVAILABLE,
                  dev.presence.v1.Availability.AVAILABILITY_BUSY));
    };
  }

  /**
   * When the wish was made, by the shared clock.
   *
   * @param nowMillis the shared time, Unix milliseconds
   */
  static long wishAtMillis(UpdateStatus update, long nowMillis) {
    Duration age = update.getAvailabilityAge();
    long millis = age.getSeconds() * 1_000 + age.getNanos() / 1_000_000;
    boolean inRange = age.getSeconds() >= 0 && age.getSeconds() <= MAX_AGE_SECONDS;
    if (!inRange || millis < 0) {
      throw GrpcErrors.invalidField(
          "update_status.availability_age", age.getSeconds() + " s", "0 to 24 h");
    }
    return nowMillis
        - Math.min(MAX_AGE_SECONDS * 1_000L, millis + onItsWayMillis(update, nowMillis));
  }

  /** A client's idea of the time is good for no more than a day, and never for the future. */
  private static long onItsWayMillis(UpdateStatus update, long nowMillis) {
    if (!update.hasSentTime()) {
      return 0;
    }
    long sent = PresenceMessages.unixMillis(update.getSentTime());
    return Math.clamp(nowMillis - sent, 0L, MAX_AGE_SECONDS * 1_000L);
  }

  private static String oneOf(ProtocolMessageEnum... values) {
    return Arrays.stream(values)
        .map(value -> value.getNumber() + " (" + value.getValueDescriptor().getName() + ")")
        .collect(Collectors.joining(" or "));
  }
}
