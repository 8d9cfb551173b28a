package dev.presence.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.presence.server.auth.TokenRefusedException.Reason;
import dev.presence.server.model.UserId;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whose a token is: a JWT, signed by ES256 with a key of the {@link KeySet}, for our audience,
 * not expired. Tokens that were right are remembered for a minute, since checking a signature costs
 * more than all else that a call does. Thread-safe.
 */
public final class TokenVerifier {

  /** How far the clocks of the token's maker and ours may differ. */
  static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private static final int REMEMBERED = 50_000;
  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

  private final KeySet keys;
  private final String audience;
  private final InstantSource clock;
  private final Cache<String, Verified> verified =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(REMEMBERED_FOR).build();

  private record Verified(Caller caller, Instant expires) {}

  /**
   * Verifies by these.
   *
   * @param audience what {@code aud} must contain
   * @param clock the wall clock that {@code exp} is compared with
   */
  public TokenVerifier(KeySet keys, String audience, InstantSource clock) {
    this.keys = keys;
    this.audience = audience;
    this.clock = clock;
  }

  /** The caller, if this token was verified a moment ago and still holds. Cheap; never blocks. */
  public @Nullable Caller remembered(String token) {
    Verified known = verified.getIfPresent(token);
    return known == null || expired(known.expires) ? null : known.caller;
  }

  /** Verifies a token: some 100 µs of computing, and now and then a look at the key file. */
  public Caller verify(String token) throws TokenRefusedException {
    JWTClaimsSet claims = claims(token);
    Instant expires = instant(claims.getExpirationTime());
    if (expires == null) {
      throw invalid("the token has no exp");
    }
    if (expired(expires)) {
      throw new TokenRefusedException(Reason.EXPIRED, "the token expired at " + expires);
    }
    Instant notBefore = instant(claims.getNotBeforeTime());
    if (notBefore != null && notBefore.minus(CLOCK_SKEW).isAfter(clock.instant())) {
      throw invalid("the token holds from " + notBefore + " only");
    }
    if (!claims.getAudience().contains(audience)) {
      throw new TokenRefusedException(
          Reason.WRONG_AUDIENCE, "the token's aud must contain '" + audience + "'");
    }
    String subject = claims.getSubject();
    if (subject == null || !UserId.isValid(subject)) {
      throw invalid("the token's sub must be " + UserId.EXPECTED);
    }
    Caller caller = new Caller(new UserId(subject), scopes(claims));
    verified.put(token, new Verified(caller, expires));
    return caller;
  }

  private JWTClaimsSet claims(String token) throws TokenRefusedException {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())) {
        throw invalid("the token must be signed by ES256");
      }
      JWSVerifier verifier = keys.find(jwt.getHeader().getKeyID());
      if (verifier == null) {
        throw invalid("the token's key is not known");
      }
      if (!jwt.verify(verifier)) {
        throw invalid("the token's signature is wrong");
      }
      return jwt.getJWTClaimsSet();
    } catch (ParseException | IllegalArgumentException e) {
      // "none" is no signature algorithm: such a token does not even parse.
      throw invalid("the token is no signed JWT");
    } catch (JOSEException e) {
      throw invalid("the token's signature cannot be checked");
    }
  }

  private static Set<String> scopes(JWTClaimsSet claims) throws TokenRefusedException {
    Object scope = claims.getClaim("scope");
    if (scope == null) {
      return Set.of();
    }
    if (!(scope instanceof String words)) {
      throw invalid("the token's scope must be words with spaces between them");
    }
    return words.isBlank() ? Set.of() : Set.copyOf(List.of(words.strip().split(" +")));
  }

  private boolean expired(Instant expires) {
    return !clock.instant().isBefore(expires.plus(CLOCK_SKEW));
  }

  private static @Nullable Instant instant(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }

  private static TokenRefusedException invalid(String message) {
    return new TokenRefusedException(Reason.INVALID, message);
  }
}
