package org.jackfield.deployer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** A key pair made by the JDK's keytool, which signs as the JDK's jarsigner does. */
public final class TestSigner {
  private static final char[] PASSWORD = "of-a-test".toCharArray();

  private final KeyStore.PrivateKeyEntry key;
  private final String signatureAlgorithm;
  private final String digestAlgorithm;

  private TestSigner(KeyStore.PrivateKeyEntry key, String signature, String digest) {
    this.key = key;
    this.signatureAlgorithm = signature;
    this.digestAlgorithm = digest;
  }

  /** A P-256 key, valid as the further options of keytool say. */
  public static TestSigner ec(String name, String... validity) throws Exception {
    List<String> options = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    options.addAll(List.of("-sigalg", "SHA256withECDSA"));
    options.addAll(List.of(validity));
    return new TestSigner(make(name, options), "SHA256withECDSA", "SHA-256");
  }

  /** An RSA key of that size, with SHA-1 where asked for. */
  public static TestSigner rsa(String name, int bits, boolean sha1) throws Exception {
    String signature = sha1 ? "SHA1withRSA" : "SHA256withRSA";
    List<String> options =
        List.of("-keyalg", "RSA", "-keysize", "" + bits, "-sigalg", signature, "-validity", "9");
    return new TestSigner(make(name, options), signature, sha1 ? "SHA-1" : "SHA-256");
  }

  private static KeyStore.PrivateKeyEntry make(String name, List<String> options)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = Files.createTempDirectory("jackfield-keys-").resolve("key.p12");
    Path log = store.resolveSibling("keytool.log");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    words.addAll(List.of("-genkeypair", "-alias", "key", "-dname", "CN=" + name));
    words.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
    words.addAll(List.of("-keystore", store.toString()));
    words.addAll(options);
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("keytool: " + Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Files.delete(store);
    Files.delete(log);
    Files.delete(store.getParent());
    return (KeyStore.PrivateKeyEntry)
        keys.getEntry("key", new KeyStore.PasswordProtection(PASSWORD));
  }

  public X509Certificate certificate() {
    return (X509Certificate) key.getCertificate();
  }

  public byte[] sign(byte[] jar) throws IOException {
    return sign(jar, "TEST");
  }

  /** Signs, under that name of the signature's files. */
  public byte[] sign(byte[] jar, String name) throws IOException {
    Path file = Files.createTempFile("jackfield-", ".jar");
    try {
      Files.write(file, jar);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipFile zip = new ZipFile(file.toFile())) {
        new JarSigner.Builder(key)
            .signatureAlgorithm(signatureAlgorithm)
            .digestAlgorithm(digestAlgorithm)
            .signerName(name)
            .build()
            .sign(zip, out);
      }
      return out.toByteArray();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    } finally {
      Files.delete(file);
    }
  }
}
