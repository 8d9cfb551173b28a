package dev.presence.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/** A maker of tokens, with an ES256 key made for the test. */
public final class SigningKey {

  private final ECKey key;

  /** A new key with this id. */
  public SigningKey(String id) {
    try {
      key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the public halves as a JWKS file. */
  public static void publish(Path file, SigningKey... keys) {
    List<ECKey> publicKeys = Arrays.stream(keys).map(key -> key.key.toPublicJWK()).toList();
    write(file, new JWKSet(List.copyOf(publicKeys)).toString(true));
  }

  /** Writes a JWKS file that gives the private half away too. */
  void leak(Path file) {
    write(file, new JWKSet(key).toString(false));
  }

  private static void write(Path file, String json) {
    try {
      Files.writeString(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Claims that are all right, for a user. */
  @SuppressWarnings("JavaUtilDate") // Nimbus wants dates.
  public static JWTClaimsSet.Builder claims(String user, Instant expires) {
    return new JWTClaimsSet.Builder()
        .subject(user)
        .audience("presence")
        .expirationTime(Date.from(expires));
  }

  /** A token for a user, good for an hour. */
  public String token(String user) {
    return sign(claims(user, Instant.now().plusSeconds(3_600)).build());
  }

  /** A token for a service, good for an hour. */
  public String token(String user, String scope) {
    return sign(claims(user, Instant.now().plusSeconds(3_600)).claim("scope", scope).build());
  }

  /** Signs claims. */
  public String sign(JWTClaimsSet claims) {
    return sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
  }

  String sign(JWSHeader header, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
