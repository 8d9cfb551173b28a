package dev.presence.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.presence.server.auth.TokenRefusedException.Reason;
import dev.presence.server.model.UserId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path directory;
  private final SigningKey key = new SigningKey("one");
  private final AtomicLong wallMillis = new AtomicLong(NOW.toEpochMilli());
  private final AtomicLong monotonicMillis = new AtomicLong();
  private final InstantSource clock = () -> Instant.ofEpochMilli(wallMillis.get());
  private Path file;
  private TokenVerifier verifier;

  @BeforeEach
  void publishKey() {
    file = directory.resolve("jwks.json");
    SigningKey.publish(file, key);
    verifier = new TokenVerifier(new KeySet(file, monotonicMillis::get), "presence", clock);
  }

  private static JWTClaimsSet.Builder claims() {
    return SigningKey.claims("alice", NOW.plusSeconds(60));
  }

  private void refuses(String token, Reason reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOfSatisfying(
            TokenRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(verifier.remembered(token)).isNull();
  }

  @Test
  void shouldSayWhoseARightTokenIs() throws TokenRefusedException {
    String token = key.sign(claims().claim("scope", "presence.read.any  other").build());
    Caller caller = verifier.verify(token);
    assertThat(caller.user()).isEqualTo(new UserId("alice"));
    assertThat(caller.scopes()).containsExactlyInAnyOrder("presence.read.any", "other");
  }

  @Test
  void shouldAcceptATokenForSeveralAudiences() throws TokenRefusedException {
    String token = key.sign(claims().audience(java.util.List.of("chat", "presence")).build());
    assertThat(verifier.verify(token).scopes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "e30.e30.e30", "....", "eyJhbGciOiJFUzI1NiJ9.e30."})
  void shouldRefuseWhatIsNoToken(String token) {
    refuses(token, Reason.INVALID);
  }

  @Test
  void shouldRefuseATokenWithoutSignature() {
    refuses(new PlainJWT(claims().build()).serialize(), Reason.INVALID);
  }

  @Test
  void shouldRefuseATokenSignedWithTheFilesTextAsASharedSecret() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
    jwt.sign(new MACSigner(Files.readAllBytes(file)));
    refuses(jwt.serialize(), Reason.INVALID);
  }

  @Test
  void shouldRefuseAnotherCurve() throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES384).keyID("one").build(), claims().build());
    jwt.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_384).generate()));
    refuses(jwt.serialize(), Reason.INVALID);
  }

  @Test
  void shouldRefuseAnotherKeyWithTheSameId() {
    refuses(new SigningKey("one").sign(claims().build()), Reason.INVALID);
  }

  @Test
  void shouldRefuseAKeyThatItDoesNotKnow() {
    refuses(new SigningKey("two").sign(claims().build()), Reason.INVALID);
  }

  @Test
  void shouldRefuseChangedClaims() {
    String[] mine = key.sign(claims().build()).split("\\.", -1);
    String[] hers = key.sign(claims().subject("bob").build()).split("\\.", -1);
    refuses(mine[0] + "." + hers[1] + "." + mine[2], Reason.INVALID);
  }

  @Test
  void shouldRefuseACriticalExtensionThatItDoesNotKnow() {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID("one")
            .criticalParams(java.util.Set.of("strange"))
            .customParam("strange", "yes")
            .build();
    refuses(key.sign(header, claims().build()), Reason.INVALID);
  }

  @Test
  void shouldAcceptATokenWithoutKeyIdWhereThereIsOneKey() throws TokenRefusedException {
    JWSHeader header = new JWSHeader(JWSAlgorithm.ES256);
    assertThat(verifier.verify(key.sign(header, claims().build())).user().value())
        .isEqualTo("alice");
  }

  @Test
  void shouldRefuseATokenThatNeverExpires() {
    refuses(key.sign(claims().expirationTime(null).build()), Reason.INVALID);
  }

  @Test
  void shouldForgiveHalfAMinuteOfClockDifferenceAndNoMore() throws TokenRefusedException {
    String token = key.sign(claims().build());
    wallMillis.addAndGet(Duration.ofSeconds(89).toMillis());
    assertThat(verifier.verify(token)).isNotNull();
    assertThat(verifier.remembered(token)).isNotNull();
    wallMillis.addAndGet(Duration.ofSeconds(1).toMillis());
    refuses(token, Reason.EXPIRED);
  }

  @Test
  void shouldRefuseATokenThatDoesNotHoldYet() {
    Date later = Date.from(NOW.plusSeconds(31));
    refuses(key.sign(claims().notBeforeTime(later).build()), Reason.INVALID);
  }

  @Test
  void shouldRefuseATokenForSomebodyElse() {
    refuses(key.sign(claims().audience("chat").build()), Reason.WRONG_AUDIENCE);
    refuses(key.sign(claims().audience((String) null).build()), Reason.WRONG_AUDIENCE);
  }

  @Test
  void shouldRefuseAUserWhoseIdIsNone() {
    refuses(key.sign(claims().subject("al ice").build()), Reason.INVALID);
    refuses(key.sign(claims().subject(null).build()), Reason.INVALID);
    refuses(key.sign(claims().subject("x".repeat(65)).build()), Reason.INVALID);
  }

  @Test
  void shouldRememberATokenItHasVerified() throws TokenRefusedException {
    String token = key.sign(claims().build());
    assertThat(verifier.remembered(token)).isNull();
    Caller caller = verifier.verify(token);
    assertThat(verifier.remembered(token)).isEqualTo(caller);
  }

  @Test
  void shouldTakeOverNewKeysWithinSecondsAndDropOldOnes() throws TokenRefusedException {
    SigningKey next = new SigningKey("two");
    SigningKey.publish(file, next, new SigningKey("three"));
    refuses(next.sign(claims().build()), Reason.INVALID);
    monotonicMillis.addAndGet(2_000);
    assertThat(verifier.verify(next.sign(claims().build()))).isNotNull();
    refuses(key.sign(claims().build()), Reason.INVALID);
  }

  @Test
  void shouldKeepItsKeysWhenTheFileBecomesUnusable() throws Exception {
    Files.writeString(file, "{");
    monotonicMillis.addAndGet(2_000);
    assertThat(verifier.verify(key.sign(claims().build()))).isNotNull();
    Files.delete(file);
    monotonicMillis.addAndGet(2_000);
    assertThat(verifier.verify(key.sign(claims().build()))).isNotNull();
  }

  @Test
  void shouldNotStartWithAFileThatGivesThePrivateKeyAway() {
    key.leak(file);
    assertThatThrownBy(() -> new KeySet(file, monotonicMillis::get))
        .hasMessageContaining("private key 'one'")
        .hasMessageContaining(file.toString());
  }
}
