package dev.presence.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of a JWKS file. The file is looked at again at most every two seconds, when a key
 * is asked for, so that keys are exchanged without a restart. A new content that cannot be used is
 * logged, and the keys stay as they were. Thread-safe.
 */
public final class KeySet {

  private static final Logger log = LoggerFactory.getLogger(KeySet.class);
  private static final long CHECK_MILLIS = 2_000;

  private final Path file;
  private final LongSupplier monotonicMillis;
  private final ReentrantLock checking = new ReentrantLock();
  private volatile Map<String, JWSVerifier> keys;
  private FileState read;
  private volatile long checkedMillis;

  /** What tells that a file has changed; a swapped symbolic link shows in the file key. */
  private record FileState(long modifiedMillis, long size, @Nullable Object fileKey) {
    private static final FileState GONE = new FileState(0, -1, null);

    static FileState of(Path file) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileState(
            attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
      } catch (IOException e) {
        return GONE;
      }
    }
  }

  /**
   * Reads the file.
   *
   * @param monotonicMillis the monotonic clock, in milliseconds
   * @throws IllegalArgumentException if the file cannot be used, with a message for the operator
   */
  public KeySet(Path file, LongSupplier monotonicMillis) {
    this.file = file;
    this.monotonicMillis = monotonicMillis;
    try {
      read = FileState.of(file);
      keys = parse(Files.readString(file));
    } catch (IOException | ParseException | JOSEException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "the JWKS file " + file + " cannot be used: " + e.getMessage(), e);
    }
    checkedMillis = monotonicMillis.getAsLong();
  }

  /**
   * The verifier of the key with this id; without an id, of the only key there is. Null if there is
   * none.
   */
  @Nullable JWSVerifier find(@Nullable String keyId) {
    refresh();
    Map<String, JWSVerifier> current = keys;
    if (keyId == null) {
      return current.size() == 1 ? current.values().iterator().next() : null;
    }
    return current.get(keyId);
  }

  private void refresh() {
    long now = monotonicMillis.getAsLong();
    if (now - checkedMillis < CHECK_MILLIS || !checking.tryLock()) {
      return;
    }
    try {
      checkedMillis = now;
      FileState state = FileState.of(file);
      if (!state.equals(read)) {
        // Remembered first: a bad content is reported once, not every two seconds.
        read = state;
        keys = parse(Files.readString(file));
        log.atInfo().addKeyValue("keys", keys.keySet()).log("the JWKS file was read again");
      }
    } catch (IOException | ParseException | JOSEException | IllegalStateException e) {
      log.atError()
          .addKeyValue("file", file)
          .setCause(e)
          .log("the JWKS file cannot be used; the keys stay as they were");
    } finally {
      checking.unlock();
    }
  }

  private static Map<String, JWSVerifier> parse(String json) throws ParseException, JOSEException {
    Map<String, JWSVerifier> keys = new LinkedHashMap<>();
    for (JWK key : JWKSet.parse(json).getKeys()) {
      if (key.isPrivate()) {
        throw new IllegalStateException(
            "it holds the private key '" + key.getKeyID() + "', expected public keys only");
      }
      if (key instanceof ECKey ecKey && Curve.P_256.equals(ecKey.getCurve())) {
        String id = key.getKeyID() == null ? "" : key.getKeyID();
        if (keys.put(id, new ECDSAVerifier(ecKey)) != null) {
          throw new IllegalStateException(
              "it holds two keys with the id '" + id + "', expected different ids");
        }
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException("it holds no EC key of the curve P-256 (ES256)");
    }
    return keys;
  }
}
