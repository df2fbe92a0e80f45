package org.jackfield.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * {@code bundle keys} and {@code bundle sign}: the JDK's own keytool and jarsigner, with the
 * choices made that the deployer wants (P-256, SHA-256, one signature).
 *
 * <p>A key is {@code keys/NAME.p12} with its password beside it, both readable by their owner
 * alone; its certificate goes to {@code etc/trust/NAME.pem}, by which this home's server knows the
 * signer.
 *
 * <p>Exit codes: 0 done, 1 not done, 64 wrong usage.
 */
public final class BundleSigning {
  private static final int FAILED = 1;
  private static final int USAGE = 64;
  private static final String USUAL = "signer";
  private static final String OWNER_ALONE = "rw-------";

  private final Path home;
  private final Path from;

  private BundleSigning(Path home, Path from) {
    this.home = home;
    this.from = from;
  }

  /** What a person has to be told, and how the process ends. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    Failed(int code, String text) {
      super(text);
      this.code = code;
    }
  }

  /**
   * @param args {@code keys [NAME] [--days N]} or {@code sign JAR... [--key NAME] [--out FILE]};
   *     the home and the caller's folder come as the system properties {@code jackfield.home} and
   *     {@code jackfield.from}
   */
  public static void main(String[] args) {
    Path home = Path.of(System.getProperty("jackfield.home", "")).toAbsolutePath();
    Path from = Path.of(System.getProperty("jackfield.from", "")).toAbsolutePath();
    try {
      new BundleSigning(home, from).run(List.of(args));
    } catch (Failed e) {
      System.err.println("jackfield: " + e.getMessage());
      System.exit(e.code);
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("jackfield: " + e);
      System.exit(FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.exit(FAILED);
    }
  }

  private void run(List<String> args)
      throws IOException, InterruptedException, GeneralSecurityException, Failed {
    List<String> names = new ArrayList<>();
    String key = "";
    String out = "";
    String days = "1825";
    for (int i = 1; i < args.size(); i++) {
      String value = i + 1 < args.size() ? args.get(i + 1) : "";
      switch (args.get(i)) {
        case "--key" -> key = value;
        case "--out" -> out = value;
        case "--days" -> days = value;
        default -> {
          if (args.get(i).startsWith("-")) {
            throw new Failed(USAGE, "bundle does not know " + args.get(i));
          }
          names.add(args.get(i));
          continue;
        }
      }
      i++;
    }
    switch (args.isEmpty() ? "" : args.getFirst()) {
      case "keys" -> keys(names, days);
      case "sign" -> sign(names, key, out);
      default -> throw new Failed(USAGE, "bundle knows keys and sign");
    }
  }

  // --- keys ---------------------------------------------------------------------------------

  private void keys(List<String> names, String days)
      throws IOException, InterruptedException, GeneralSecurityException, Failed {
    if (names.size() > 1 || !days.matches("[1-9][0-9]{0,4}")) {
      throw new Failed(USAGE, "usage: bundle keys [NAME] [--days N]");
    }
    List<String> there = known();
    if (!names.isEmpty() || there.isEmpty()) {
      make(names.isEmpty() ? USUAL : names.getFirst(), days);
    }
    for (String name : known()) {
      X509Certificate certificate = certificate(name);
      boolean trusted = Files.exists(trusted(name));
      System.out.printf(
          Locale.ROOT,
          "%s  %s  until %s  %s%n",
          name,
          fingerprint(certificate),
          certificate.getNotAfter().toInstant(),
          trusted ? "trusted by " + trusted(name) : "not trusted here");
    }
  }

  private Path keys() {
    return home.resolve("keys");
  }

  private Path store(String name) {
    return keys().resolve(name + ".p12");
  }

  private Path password(String name) {
    return keys().resolve(name + ".password");
  }

  private Path trusted(String name) {
    return home.resolve("etc/trust").resolve(name + ".pem");
  }

  private List<String> known() throws IOException {
    if (!Files.isDirectory(keys())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(keys())) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".p12"))
          .map(f -> f.substring(0, f.length() - 4))
          .sorted()
          .toList();
    }
  }

  private void make(String name, String days) throws IOException, InterruptedException, Failed {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
      throw new Failed(USAGE, "a key's name has letters, digits, _ and - only: '" + name + "'");
    }
    if (Files.exists(store(name)) || Files.exists(trusted(name))) {
      return; // never written over: what it has signed would be lost with it
    }
    Files.createDirectories(keys());
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rwx------"));
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    Path password = Files.createFile(password(name), ownerAlone());
    Files.writeString(password, HexFormat.of().formatHex(secret));
    Path part = keys().resolve(name + ".p12.part");
    Files.deleteIfExists(part);
    tool(
        "keytool",
        List.of("-genkeypair", "-alias", "signer", "-keyalg", "EC", "-groupname", "secp256r1"),
        List.of("-sigalg", "SHA256withECDSA", "-dname", "CN=" + name, "-validity", days),
        List.of("-storetype", "PKCS12", "-keystore", part + ""),
        List.of("-storepass:file", password + ""));
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(OWNER_ALONE));
    Files.move(part, store(name), StandardCopyOption.ATOMIC_MOVE);
    trust(name);
  }

  private static java.nio.file.attribute.FileAttribute<?> ownerAlone() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE));
  }

  private void trust(String name) throws IOException, InterruptedException, Failed {
    Files.createDirectories(trusted(name).getParent());
    Path part = trusted(name).resolveSibling(name + ".part");
    tool(
        "keytool",
        List.of("-exportcert", "-rfc", "-alias", "signer", "-file", part + ""),
        List.of("-storetype", "PKCS12", "-keystore", store(name) + ""),
        List.of("-storepass:file", password(name) + ""));
    Files.move(part, trusted(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private X509Certificate certificate(String name)
      throws IOException, GeneralSecurityException, Failed {
    Path file = trusted(name);
    if (!Files.exists(file)) {
      throw new Failed(FAILED, "the certificate of " + name + " is missing: " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  // --- sign ---------------------------------------------------------------------------------

  private void sign(List<String> jars, String key, String out)
      throws IOException, InterruptedException, Failed {
    if (jars.isEmpty() || (!out.isEmpty() && jars.size() > 1)) {
      throw new Failed(USAGE, "usage: bundle sign JAR... [--key NAME] [--out FILE]");
    }
    String name = key.isEmpty() ? onlyKey() : key;
    if (!Files.exists(store(name))) {
      throw new Failed(FAILED, "there is no key " + name + "; make it with bundle keys " + name);
    }
    for (String jar : jars) {
      Path file = from.resolve(jar);
      Path to = out.isEmpty() ? file : from.resolve(out);
      sign(file, to, name);
      System.out.println("signed by " + name + ": " + to);
    }
  }

  private String onlyKey() throws IOException, Failed {
    List<String> names = known();
    if (names.isEmpty()) {
      throw new Failed(FAILED, "there is no key yet; make one with bundle keys");
    }
    if (names.size() > 1 && !names.contains(USUAL)) {
      throw new Failed(USAGE, "which key? --key NAME, one of " + names);
    }
    return names.contains(USUAL) ? USUAL : names.getFirst();
  }

  private void sign(Path jar, Path to, String name)
      throws IOException, InterruptedException, Failed {
    if (!Files.isRegularFile(jar)) {
      throw new Failed(FAILED, "there is no file " + jar);
    }
    Path bare = Files.createTempFile(keys(), "sign-", ".jar");
    Path signed = Files.createTempFile(to.toAbsolutePath().getParent(), ".sign-", ".part");
    try {
      strip(jar, bare);
      Files.delete(signed); // jarsigner writes it anew
      tool(
          "jarsigner",
          List.of("-sigalg", "SHA256withECDSA", "-digestalg", "SHA-256", "-sigfile", "SIGNER"),
          List.of("-storetype", "PKCS12", "-keystore", store(name) + ""),
          List.of("-storepass:file", password(name) + "", "-signedjar", signed + ""),
          List.of(bare + "", "signer"));
      Files.move(signed, to, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(bare);
      Files.deleteIfExists(signed);
    }
  }

  /** Without an earlier signature: a JAR has one signer. */
  private static void strip(Path jar, Path to) throws IOException, Failed {
    boolean any = false;
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
        OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        String name = e.getName().toUpperCase(Locale.ROOT);
        if (!name.matches("META-INF/(SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))")) {
          ZipEntry copy = new ZipEntry(e.getName());
          copy.setTime(e.getTime());
          out.putNextEntry(copy);
          in.transferTo(out);
          out.closeEntry();
          any = true;
        }
      }
    } catch (ZipException broken) {
      throw new Failed(FAILED, jar + " is no JAR: " + broken.getMessage());
    }
    if (!any) {
      throw new Failed(FAILED, jar + " is no JAR");
    }
  }

  @SafeVarargs
  private static void tool(String name, List<String>... options)
      throws IOException, InterruptedException, Failed {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    for (List<String> some : options) {
      words.addAll(some);
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new Failed(FAILED, name + " has failed: " + said.strip());
    }
  }
}
