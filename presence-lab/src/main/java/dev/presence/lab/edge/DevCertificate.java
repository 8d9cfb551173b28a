package dev.presence.lab.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A certificate for localhost that signs itself: made once, and again before it expires. Browsers
 * warn of it, once.
 *
 * @param certificate the PEM file of the certificate
 * @param key the PEM file of its key, which only its owner may read
 */
public record DevCertificate(Path certificate, Path key) {

  private static final String ALIAS = "presence";
  private static final String PASSWORD = "development"; // of a file that lives for a moment
  private static final int DAYS = 365;
  private static final Duration RENEWED_BEFORE_END = Duration.ofDays(7);
  private static final int PEM_COLUMNS = 64;

  /** The one in {@code directory}, made if it is missing or about to expire. */
  public static DevCertificate in(Path directory) {
    DevCertificate made =
        new DevCertificate(directory.resolve("localhost.pem"), directory.resolve("localhost.key"));
    try {
      if (!made.holds()) {
        Files.createDirectories(directory);
        made.make(directory.resolve("localhost.p12"));
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("the certificate for localhost in " + directory, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate for localhost cannot be made", e);
    }
  }

  private boolean holds() throws IOException {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return false;
    }
    try (InputStream pem = Files.newInputStream(certificate)) {
      Certificate read = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      Instant soon = Instant.now().plus(RENEWED_BEFORE_END);
      return read instanceof X509Certificate x509 && x509.getNotAfter().toInstant().isAfter(soon);
    } catch (CertificateException e) {
      return false; // damaged: a new one takes its place
    }
  }

  private void make(Path store) throws IOException, GeneralSecurityException {
    Files.deleteIfExists(store);
    keytool(store);
    KeyStore read = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    write(key, "PRIVATE KEY", encoded(read.getKey(ALIAS, PASSWORD.toCharArray())));
    write(certificate, "CERTIFICATE", read.getCertificate(ALIAS).getEncoded());
    Files.delete(store);
  }

  private static byte[] encoded(@Nullable Key key) {
    if (key == null) {
      throw new IllegalStateException("keytool made no key");
    }
    return key.getEncoded();
  }

  /** The JDK makes certificates with its tool only. */
  private static void keytool(Path store) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", // it is over before better code would pay
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                Integer.toString(DAYS),
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException("keytool cannot make a certificate: " + said);
    }
  }

  private static void write(Path file, String kind, byte[] content) throws IOException {
    String base64 =
        Base64.getMimeEncoder(PEM_COLUMNS, "\n".getBytes(US_ASCII)).encodeToString(content);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
  }
}
