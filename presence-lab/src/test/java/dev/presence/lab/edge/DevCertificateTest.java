package dev.presence.lab.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevCertificateTest {

  @TempDir private Path directory;

  private static X509Certificate read(DevCertificate made)
      throws IOException, CertificateException {
    try (InputStream pem = Files.newInputStream(made.certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  @Test
  void shouldBeForThisMachineAndKeepItsKeyToItself() throws Exception {
    DevCertificate made = DevCertificate.in(directory);
    assertThat(read(made).getSubjectAlternativeNames().toString())
        .contains("localhost", "127.0.0.1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.key())))
        .isEqualTo("rw-------");
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactlyInAnyOrder(made.certificate(), made.key());
    }
  }

  @Test
  void shouldBeMadeOnceAndAgainWhenItIsDamaged() throws Exception {
    X509Certificate first = read(DevCertificate.in(directory));
    DevCertificate again = DevCertificate.in(directory);
    assertThat(read(again)).isEqualTo(first);
    Files.writeString(again.certificate(), "noise");
    assertThat(read(DevCertificate.in(directory))).isNotEqualTo(first);
  }
}
