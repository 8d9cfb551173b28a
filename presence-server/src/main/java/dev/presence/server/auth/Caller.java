package dev.presence.server.auth;

import dev.presence.server.model.UserId;
import io.grpc.Context;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, as the token says.
 *
 * @param user the token's {@code sub}
 * @param scopes what the token allows beyond the usual, the words of its claim
 */
public record Caller(UserId user, Set<String> scopes) {

  /** The scope of services that may see every user. */
  public static final String READ_ANY = "presence.read.any";

  private static final Context.Key<Caller> KEY = Context.key("presence-caller");

  /** Copies the scopes. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Whether the token has this scope. */
  public boolean has(String scope) {
    return scopes.contains(scope);
  }

  /** The current context, with this caller in it. */
  public Context attachedTo(Context context) {
    return context.withValue(KEY, this);
  }

  /**
   * The caller of the call that runs in the current context.
   *
   * @throws IllegalStateException if nobody was authenticated: an entry without the interceptor
   */
  public static Caller current() {
    @Nullable Caller caller = KEY.get();
    if (caller == null) {
      throw new IllegalStateException("no caller in the context");
    }
    return caller;
  }
}
