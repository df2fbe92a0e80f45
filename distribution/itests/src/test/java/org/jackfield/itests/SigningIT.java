package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jackfield.itests.Distribution.Finished;
import org.jackfield.itests.odd.OddBundle;
import org.junit.jupiter.api.Test;

/** {@code bundle keys} and {@code bundle sign}, as an operator uses them. */
class SigningIT {
  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  private Path jar() throws IOException {
    Path jar = home.resolve("odd.jar");
    try (InputStream in = OddBundle.of("1.0.0")) {
      Files.copy(in, jar);
    }
    return jar;
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** Who has signed each of its entries; nobody is null. */
  private static Set<Object> signers(Path file) throws IOException {
    Set<Object> all = new HashSet<>();
    try (JarFile jar = new JarFile(file.toFile(), true)) {
      for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          in.readAllBytes();
        }
        if (!entry.getName().matches("META-INF/(MANIFEST\\.MF|[^/]*\\.(SF|EC))")) {
          all.add(entry.getCertificates() == null ? "nobody" : List.of(entry.getCertificates()));
        }
      }
    }
    return all;
  }

  @Test
  void aDriverIsSignedWithAKeyOfTheHome() throws Exception {
    // given
    Path jar = jar();
    Path key = home.resolve("keys/signer.p12");
    Path trusted = home.resolve("etc/trust/signer.pem");

    // when
    Finished keys = distribution.run(home, "bundle", "keys");

    // then
    assertThat(keys.exitCode()).as(keys.output()).isZero();
    assertThat(keys.output()).containsPattern("signer +[0-9a-f]{64} .*trusted by");
    for (Path secret : List.of(key, home.resolve("keys/signer.password"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    assertThat(home.resolve("etc/org.jackfield.deployer.cfg")).exists();

    // when it is asked for again, and another one is made
    byte[] before = Files.readAllBytes(key);
    Finished again = distribution.run(home, "bundle", "keys");
    Finished other = distribution.run(home, "bundle", "keys", "other", "--days", "30");

    // then
    assertThat(again.output()).isEqualTo(keys.output());
    assertThat(Files.readAllBytes(key)).isEqualTo(before);
    assertThat(other.output().lines()).hasSize(2);

    // when
    Finished first = distribution.run(home, "bundle", "sign", jar.toString(), "--key", "other");
    Finished signed = distribution.run(home, "bundle", "sign", jar.toString());

    // then the second signature has taken the place of the first
    assertThat(first.exitCode()).as(first.output()).isZero();
    assertThat(signed.exitCode()).as(signed.output()).isZero();
    assertThat(signers(jar)).containsExactly(List.of(certificate(trusted)));
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    // when
    Finished noKey = distribution.run(home, "bundle", "sign", jar().toString());
    Finished noCommand = distribution.run(home, "bundle", "sing");
    Finished noOption = distribution.run(home, "bundle", "keys", "--day", "3");
    Finished noName = distribution.run(home, "bundle", "keys", "../x");
    distribution.run(home, "bundle", "keys");
    Finished noFile = distribution.run(home, "bundle", "sign", "nothing.jar");
    Finished noJar = distribution.run(home, "bundle", "sign", home + "/etc/logback.xml");

    // then
    assertThat(noKey.exitCode()).isEqualTo(1);
    assertThat(noKey.output()).contains("bundle keys");
    assertThat(noCommand.exitCode()).isEqualTo(64);
    assertThat(noOption.exitCode()).isEqualTo(64);
    assertThat(noName.exitCode()).isEqualTo(64);
    assertThat(noFile.exitCode()).isEqualTo(1);
    assertThat(noFile.output()).contains("nothing.jar");
    assertThat(noJar.exitCode()).isEqualTo(1);
  }
}
