package dev.presence.lab.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Signs development tokens. Thread-safe. */
public final class Tokens {

  /** Who the tokens are for. */
  public static final String AUDIENCE = "presence";

  private final JWSHeader header;
  private final JWSSigner signer;

  /** Signs with these keys. */
  public Tokens(DevelopmentKeys keys) {
    try {
      header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keys.key().getKeyID()).build();
      signer = new ECDSASigner(keys.key());
    } catch (JOSEException e) {
      throw new IllegalStateException("the development key cannot sign", e);
    }
  }

  /** A token for a user, good for a day. */
  public String user(String user) {
    return sign(user, AUDIENCE, "", Duration.ofDays(1));
  }

  /** A token for a service, good for a day. */
  public String service(String service, String scope) {
    return sign(service, AUDIENCE, scope, Duration.ofDays(1));
  }

  /**
   * Signs a token.
   *
   * @param scope names separated by blanks; empty for none
   * @param lifetime from now; negative for one that has expired already
   */
  public String sign(String subject, String audience, String scope, Duration lifetime) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .subject(subject)
            .audience(audience)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(lifetime)));
    if (!scope.isEmpty()) {
      claims.claim("scope", scope);
    }
    SignedJWT token = new SignedJWT(header, claims.build());
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("the development key cannot sign", e);
    }
    return token.serialize();
  }
}
