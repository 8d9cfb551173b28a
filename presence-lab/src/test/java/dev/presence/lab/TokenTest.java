package dev.presence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./presence token}. */
class TokenTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;
  private Home home;

  @BeforeEach
  void findAHome() {
    home = new Home(directory, directory.resolve("home"));
  }

  private int token(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "token";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.run(home, new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  /** What the one line of output holds, if our own keys have signed it. */
  private JWTClaimsSet claims() throws IOException, ParseException, JOSEException {
    assertThat(out.toString().lines()).hasSize(1);
    SignedJWT token = SignedJWT.parse(out.toString().strip());
    JWKSet keys = JWKSet.load(home.keys().resolve("jwks.json").toFile());
    assertThat(
            token.verify(
                new ECDSAVerifier(
                    keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey().toPublicJWK())))
        .isTrue();
    return token.getJWTClaimsSet();
  }

  @Test
  void shouldPrintATokenThatTheKeysOfThisMachineHaveSigned()
      throws IOException, ParseException, JOSEException {
    Instant before = Instant.now();
    assertThat(token("alice")).isZero();
    JWTClaimsSet claims = claims();
    assertThat(claims.getSubject()).isEqualTo("alice");
    assertThat(claims.getAudience()).containsExactly("presence");
    assertThat(claims.getClaim("scope")).isNull();
    assertThat(claims.getExpirationTime())
        .isBetween(
            Date.from(before.plus(Duration.ofHours(24)).minusSeconds(1)),
            Date.from(Instant.now().plus(Duration.ofHours(24))));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldTakeScopeAndLifetime() throws IOException, ParseException, JOSEException {
    Instant before = Instant.now();
    assertThat(token("reporting", "--scope", "presence.read.any", "--ttl", "90m")).isZero();
    JWTClaimsSet claims = claims();
    assertThat(claims.getStringClaim("scope")).isEqualTo("presence.read.any");
    assertThat(claims.getExpirationTime())
        .isBetween(
            Date.from(before.plus(Duration.ofMinutes(90)).minusSeconds(1)),
            Date.from(Instant.now().plus(Duration.ofMinutes(90))));
  }

  @Test
  void shouldKeepItsKeysToItself() throws IOException {
    assertThat(token("alice")).isZero();
    Path secret = home.keys().resolve("private.json");
    String first = Files.readString(secret);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(token("bob")).isZero();
    assertThat(Files.readString(secret)).isEqualTo(first);
    assertThat(Files.readString(home.keys().resolve("jwks.json"))).doesNotContain("\"d\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'al ice', 'expected 1 to 64 characters of [A-Za-z0-9._~:@+-]'",
    "'alice/bob', 'expected 1 to 64 characters of [A-Za-z0-9._~:@+-]'",
    "'', 'expected 1 to 64 characters of [A-Za-z0-9._~:@+-]'",
  })
  void shouldRefuseANameThatIsNone(String name, String expected) {
    assertThat(token(name)).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("'" + name + "'", expected);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0h", "1", "h", "-1h", "1.5h", "1w", "99999999d"})
  void shouldRefuseALifetimeThatIsNone(String lifetime) {
    assertThat(token("alice", "--ttl=" + lifetime)).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .contains("--ttl", "'" + lifetime + "'", "expected a number above 0 and s, m, h or d");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldAskForANameInOneLine() {
    assertThat(token()).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("NAME");
  }

  @Test
  void shouldSayInOneLineThatTheKeyIsDamaged() throws IOException {
    assertThat(token("alice")).isZero();
    Path secret = home.keys().resolve("private.json");
    Files.writeString(secret, "{");
    assertThat(token("alice")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(secret.toString(), "damaged", "delete it");
  }

  @Test
  void shouldSayInOneLineThatTheKeysCannotBeMade() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(home.directory(), "a file where the directory should be");
    assertThat(token("alice")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(home.keys().toString());
  }
}
