package org.jackfield.deployer.verify;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.CodeSigner;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import org.jackfield.api.rollout.BundleProblem;

/**
 * Whether every entry is signed by one pinned signer. The JDK verifies; this looks at what the JDK
 * lets pass: entries without a signature, several signers, unsigned main attributes.
 */
final class Signature {
  private static final int LEAST_RSA = 2048;
  private static final int LEAST_EC = 224;

  /** SHA-1, MD5 and MD2, alone or with RSA, DSA or ECDSA, as DER writes them. */
  private static final List<String> WEAK =
      List.of(
          "06052b0e03021a",
          "06082a864886f70d0205",
          "06082a864886f70d0202",
          "06092a864886f70d010105",
          "06092a864886f70d010104",
          "06092a864886f70d010102",
          "06072a8648ce380403",
          "06072a8648ce3d0401");

  private final StrictZip zip;
  private final byte[] jar;

  private Signature(StrictZip zip, byte[] jar) {
    this.zip = zip;
    this.jar = jar;
  }

  /**
   * Checks the signature and gives who has signed, or nobody for a JAR without any signature.
   *
   * @throws Refused if there is a signature and anything is wrong with it
   */
  static Optional<X509Certificate> signer(StrictZip zip, byte[] jar) throws Refused {
    return new Signature(zip, jar).signer();
  }

  private Optional<X509Certificate> signer() throws Refused {
    List<StrictZip.Entry> parts =
        zip.entries().stream().filter(e -> isSignature(e.name())).toList();
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    StrictZip.Entry block = checkOnePair(parts);
    checkStrength(zip.content(block));
    List<X509Certificate> signers = signersOfEntries();
    checkWholeManifest(parts);
    return Optional.of(signers.getFirst());
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.matches("META-INF/(SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");
  }

  /** One signature is NAME.SF and NAME.RSA, NAME.DSA or NAME.EC. */
  private static StrictZip.Entry checkOnePair(List<StrictZip.Entry> parts) throws Refused {
    List<String> bases =
        parts.stream().map(e -> e.name().replaceFirst("\\.[^.]*$", "")).distinct().toList();
    Optional<StrictZip.Entry> block =
        parts.stream().filter(e -> !e.name().toUpperCase(Locale.ROOT).endsWith(".SF")).findFirst();
    if (bases.size() != 1 || parts.size() != 2 || block.isEmpty()) {
      throw new Refused(
          BundleProblem.SEVERAL_SIGNERS,
          "It has not exactly one signature: "
              + parts.stream().map(StrictZip.Entry::name).toList()
              + "; sign it once, with bin/jackfield bundle sign.");
    }
    return block.get();
  }

  private void checkStrength(byte[] block) throws Refused {
    String der = HexFormat.of().formatHex(block);
    if (WEAK.stream().anyMatch(der::contains)) {
      throw weak("SHA-1 or MD5");
    }
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(block));
      for (var certificate : certificates) {
        checkStrength(certificate.getPublicKey());
      }
    } catch (CertificateException unreadable) {
      throw altered("its signature block cannot be read");
    }
  }

  private static void checkStrength(Key key) throws Refused {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA) {
      throw weak("an RSA key of " + rsa.getModulus().bitLength() + " bits");
    }
    if (key instanceof ECKey ec && ec.getParams().getOrder().bitLength() < LEAST_EC) {
      throw weak("an EC key of " + ec.getParams().getOrder().bitLength() + " bits");
    }
    if (key.getAlgorithm().equals("DSA")) {
      throw weak("a DSA key");
    }
  }

  private static Refused weak(String what) {
    return new Refused(
        BundleProblem.WEAK_ALGORITHM,
        "It is signed with " + what + "; make a new key with bin/jackfield bundle keys.");
  }

  private static Refused altered(String what) {
    return new Refused(
        BundleProblem.ALTERED,
        "It was changed after it was signed: " + what + ". Get it again, or sign it again.");
  }

  private List<X509Certificate> signersOfEntries() throws Refused {
    List<X509Certificate> signers = new ArrayList<>();
    List<String> unsigned = new ArrayList<>();
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar), true)) {
      for (JarEntry e = in.getNextJarEntry(); e != null; e = in.getNextJarEntry()) {
        in.readAllBytes(); // the JDK compares the digest at the end of the entry
        if (e.isDirectory() || isSignature(e.getName())) {
          continue;
        }
        CodeSigner[] by = e.getCodeSigners();
        if (by == null || by.length != 1) {
          unsigned.add(e.getName());
        } else {
          signers.add((X509Certificate) by[0].getSignerCertPath().getCertificates().get(0));
        }
      }
    } catch (SecurityException | IOException e) {
      throw altered(String.valueOf(e.getMessage()));
    }
    if (signers.isEmpty()) {
      throw altered("the signature is not one of this content");
    }
    if (!unsigned.isEmpty()) {
      throw new Refused(
          BundleProblem.EXTRA_ENTRY,
          "'" + unsigned.getFirst() + "' is not covered by the signature; sign it again, whole.");
    }
    if (signers.stream().distinct().count() != 1) {
      throw new Refused(
          BundleProblem.SEVERAL_SIGNERS, "Its entries are signed by different signers.");
    }
    return signers;
  }

  /** The signature file must vouch for the manifest as a whole, and each named entry be there. */
  private void checkWholeManifest(List<StrictZip.Entry> parts) throws Refused {
    byte[] manifest = zip.content(zip.entry(BundleManifest.NAME).orElseThrow());
    StrictZip.Entry sf =
        parts.stream()
            .filter(e -> e.name().toUpperCase(Locale.ROOT).endsWith(".SF"))
            .findFirst()
            .orElseThrow();
    try {
      Attributes vouched =
          new Manifest(new ByteArrayInputStream(zip.content(sf))).getMainAttributes();
      boolean whole = false;
      for (String algorithm : List.of("SHA-256", "SHA-384", "SHA-512")) {
        String digest = vouched.getValue(algorithm + "-Digest-Manifest");
        whole |=
            digest != null
                && MessageDigest.isEqual(
                    Base64.getDecoder().decode(digest),
                    MessageDigest.getInstance(algorithm).digest(manifest));
      }
      if (!whole) {
        throw altered("the manifest is not the one that was signed");
      }
      Collection<String> named =
          new Manifest(new ByteArrayInputStream(manifest)).getEntries().keySet();
      for (String name : named) {
        if (zip.entry(name).isEmpty()) {
          throw altered("'" + name + "' is missing");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw altered(String.valueOf(e.getMessage()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }

  /** Whether this signer is trusted now. */
  static void checkTrusted(X509Certificate signer, Trust trust, Instant now) throws Refused {
    String fingerprint = Trust.fingerprint(signer);
    if (trust.revoked().contains(fingerprint)) {
      throw new Refused(
          BundleProblem.REVOKED,
          "Its signer " + fingerprint + " is in etc/trust/revoked.txt; sign it with another key.");
    }
    if (!trust.signers().containsKey(fingerprint)) {
      throw new Refused(
          BundleProblem.WRONG_SIGNER,
          "Its signer %s (%s) is not in etc/trust; put its certificate there if you trust it."
              .formatted(fingerprint, signer.getSubjectX500Principal().getName()));
    }
    try {
      signer.checkValidity(Date.from(now));
    } catch (CertificateExpiredException e) {
      throw new Refused(
          BundleProblem.EXPIRED,
          "Its signer's certificate has expired on "
              + signer.getNotAfter().toInstant()
              + "; sign it with a new key.");
    } catch (CertificateNotYetValidException e) {
      throw new Refused(
          BundleProblem.NOT_YET_VALID,
          "Its signer's certificate is not valid before "
              + signer.getNotBefore().toInstant()
              + "; look at this machine's clock.");
    }
  }
}
