package org.jackfield.deployer.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose signatures are accepted. A signer is pinned by its very certificate: there is no authority
 * that could name others.
 *
 * @param signers name of each certificate's SHA-256 fingerprint
 * @param revoked SHA-256 of certificates and of JARs that are refused, in lower-case hexadecimal
 */
public record Trust(Map<String, String> signers, Set<String> revoked) {
  /** Nobody. */
  public static final Trust NOBODY = new Trust(Map.of(), Set.of());

  public Trust {
    signers = Map.copyOf(signers);
    revoked = Set.copyOf(revoked);
  }

  /**
   * Reads {@code NAME.pem}, one certificate each, and {@code revoked.txt}, one SHA-256 a line; what
   * follows a {@code #} is a comment. No folder means nobody.
   *
   * @throws IOException if a file cannot be read or is no certificate: then nothing may be trusted
   */
  public static Trust read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return NOBODY;
    }
    Map<String, String> signers = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(f -> f.toString().endsWith(".pem")).sorted().toList();
    }
    for (Path file : files) {
      signers.put(fingerprint(certificate(file)), file.getFileName().toString());
    }
    Path list = folder.resolve("revoked.txt");
    return new Trust(signers, Files.exists(list) ? revoked(list) : Set.of());
  }

  private static X509Certificate certificate(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException e) {
      throw new IOException(file + " is no certificate", e);
    }
  }

  private static Set<String> revoked(Path list) throws IOException {
    Set<String> all = new HashSet<>();
    for (String line : Files.readAllLines(list)) {
      String one = line.replaceAll("#.*", "").replace(":", "").strip().toLowerCase(Locale.ROOT);
      if (!one.isEmpty() && !one.matches("[0-9a-f]{64}")) {
        throw new IOException(list + " has a line that is no SHA-256: " + line);
      }
      all.add(one);
    }
    return all;
  }

  /** The SHA-256 of a certificate, as {@code bin/jackfield bundle keys} prints it. */
  public static String fingerprint(Certificate certificate) {
    try {
      return sha256(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** SHA-256 in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
