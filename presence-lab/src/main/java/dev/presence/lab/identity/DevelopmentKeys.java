package dev.presence.lab.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.UUID;

/**
 * A key pair (ES256) of this machine's own, made when it is first needed, and kept out of version
 * control.
 */
public final class DevelopmentKeys {

  private final ECKey key;
  private final Path jwks;

  private DevelopmentKeys(ECKey key, Path jwks) {
    this.key = key;
    this.jwks = jwks;
  }

  /** Reads the keys in {@code directory}, or makes them. */
  public static DevelopmentKeys in(Path directory) {
    Path secret = directory.resolve("private.json");
    Path jwks = directory.resolve("jwks.json");
    try {
      if (!Files.exists(secret)) {
        Files.createDirectories(directory);
        ECKey made =
            new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .keyID("development-" + UUID.randomUUID())
                .generate();
        write(secret, made.toJSONString());
      }
      ECKey key = ECKey.parse(Files.readString(secret));
      write(jwks, new JWKSet(key.toPublicJWK()).toString());
      return new DevelopmentKeys(key, jwks);
    } catch (IOException e) {
      throw new UncheckedIOException("development keys in " + directory, e);
    } catch (JOSEException | ParseException e) {
      throw new IllegalStateException(
          "the development key " + secret + " is damaged; delete it, a new one will be made", e);
    }
  }

  /**
   * Replaces the file in one step, so that whoever reads it sees a whole one; only its owner may
   * read it.
   */
  private static void write(Path file, String text) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The public half, as servers are given it. */
  public Path jwks() {
    return jwks;
  }

  ECKey key() {
    return key;
  }
}
