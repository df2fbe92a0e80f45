package org.jackfield.deployer.verify;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleCheck.Name;
import org.jackfield.api.rollout.BundleCheck.State;
import org.jackfield.api.rollout.BundleProblem;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * Makes all checks of one JAR. After a refusal by its container, manifest or signature nothing
 * further of it is looked at; the checks after these are all made, so that its author hears of
 * everything at once. Of one thread, for one JAR.
 */
public final class Verifier {
  private static final Set<Name> LAST_WORDS = EnumSet.of(Name.ZIP, Name.MANIFEST, Name.SIGNATURE);

  private final byte[] jar;
  private final Rules rules;
  private final Surroundings around;
  private final Instant now;
  private final String sha256;
  private final List<BundleCheck> checks = new ArrayList<>();
  private @Nullable StrictZip zip;
  private @Nullable BundleManifest manifest;
  private Optional<X509Certificate> signer = Optional.empty();
  private boolean stopped;
  private boolean warned;

  private Verifier(byte[] jar, Rules rules, Surroundings around, Instant now) {
    this.jar = jar;
    this.rules = rules;
    this.around = around;
    this.now = now;
    this.sha256 = Trust.sha256(jar);
  }

  private interface Check {
    /** Gives a sentence on what was found. */
    String make() throws Refused;
  }

  /**
   * Checks a JAR.
   *
   * @param jar the very bytes that will be installed if it passes; not changed by others meanwhile
   * @param now the time against which the signer's certificate is held
   */
  public static Verdict verify(byte[] jar, Rules rules, Surroundings around, Instant now) {
    return new Verifier(jar, rules, around, now).verify();
  }

  private Verdict verify() {
    make(Name.ZIP, this::zip);
    make(Name.MANIFEST, this::manifest);
    make(Name.SIGNATURE, this::signature);
    make(Name.VERSION, this::version);
    make(Name.IMPORTS, () -> wanted().checkImports(rules));
    make(Name.PACKAGES, () -> wanted().checkPackages());
    make(Name.API, () -> wanted().checkApi());
    make(Name.REQUIREMENTS, () -> wanted().checkRequirements());
    make(Name.CAPABILITIES, () -> new Declared(read(manifest), around).check());
    BundleManifest read = manifest;
    return new Verdict(
        sha256,
        read == null ? "" : read.symbolicName(),
        read == null ? Version.emptyVersion : read.version(),
        signer.map(Trust::fingerprint).orElse(""),
        checks);
  }

  private void make(Name name, Check check) {
    if (stopped) {
      checks.add(new BundleCheck(name, State.NOT_MADE, Optional.empty(), "", Duration.ZERO));
      return;
    }
    long start = System.nanoTime();
    Optional<BundleProblem> problem = Optional.empty();
    String text;
    warned = false;
    try {
      text = check.make();
    } catch (Refused no) {
      problem = Optional.of(no.problem());
      text = no.text();
      stopped = LAST_WORDS.contains(name);
    } catch (IllegalArgumentException nonsense) {
      problem = Optional.of(BundleProblem.BAD_MANIFEST);
      text = "Its manifest cannot be understood: " + nonsense.getMessage() + ".";
    }
    State state = problem.isPresent() ? State.REFUSED : warned ? State.WARNED : State.PASSED;
    checks.add(
        new BundleCheck(name, state, problem, text, Duration.ofNanos(System.nanoTime() - start)));
  }

  private static <T> T read(@Nullable T earlier) {
    if (earlier == null) {
      throw new IllegalStateException("a check is made only after those that it builds on");
    }
    return earlier;
  }

  private Wanted wanted() {
    return new Wanted(read(manifest), around);
  }

  private String zip() throws Refused {
    if (rules.trust().revoked().contains(sha256)) {
      throw new Refused(
          BundleProblem.REVOKED, "This JAR is in etc/trust/revoked.txt; build another version.");
    }
    zip = StrictZip.read(jar, rules.limits());
    return "%d bytes, %d entries.".formatted(jar.length, zip.entries().size());
  }

  private String manifest() throws Refused {
    manifest = BundleManifest.read(read(zip));
    return manifest.symbolicName() + " " + manifest.version() + ".";
  }

  private String signature() throws Refused {
    signer = Signature.signer(read(zip), jar);
    if (signer.isEmpty()) {
      if (!rules.unsignedAllowed()) {
        throw new Refused(
            BundleProblem.UNSIGNED,
            "Nobody has signed it; sign it with bin/jackfield bundle sign, or allow unsigned JARs"
                + " in etc/org.jackfield.deployer.cfg on a machine for development.");
      }
      warned = true;
      return "Nobody has signed it; it is let in as unsigned = true says.";
    }
    Signature.checkTrusted(signer.get(), rules.trust(), now);
    String fingerprint = Trust.fingerprint(signer.get());
    return "Signed by " + rules.trust().signers().get(fingerprint) + ", " + fingerprint + ".";
  }

  private String version() throws Refused {
    String name = read(manifest).symbolicName();
    Version version = read(manifest).version();
    List<Version> there =
        around.present().stream()
            .filter(p -> p.symbolicName().equals(name))
            .map(Surroundings.Present::version)
            .toList();
    if (around.present().stream().anyMatch(p -> p.server() && p.symbolicName().equals(name))) {
      throw new Refused(
          BundleProblem.RESERVED_NAME,
          name + " is a part of the server, which comes with the distribution alone.");
    }
    Version lowest = rules.minimum().get(name);
    if (lowest != null && version.compareTo(lowest) < 0) {
      throw new Refused(
          BundleProblem.BELOW_MINIMUM,
          "%s is below %s, the minimum in etc/org.jackfield.deployer.cfg; take a newer one."
              .formatted(version, lowest));
    }
    if (there.contains(version)) {
      return sameVersion(version);
    }
    Version ever = around.highest().getOrDefault(name, Version.emptyVersion);
    Version highest = there.stream().max(Version::compareTo).orElse(ever);
    highest = highest.compareTo(ever) < 0 ? ever : highest;
    if (version.compareTo(highest) < 0) {
      return older(version, highest);
    }
    return there.isEmpty() ? "The first of its name." : "Newer than " + highest + ".";
  }

  private String sameVersion(Version version) throws Refused {
    if (!rules.sameVersionAllowed()) {
      throw new Refused(
          BundleProblem.SAME_VERSION,
          version + " is there already; give the new one a higher version.");
    }
    warned = true;
    return version + " is there already; another one is let in for development.";
  }

  private String older(Version version, Version highest) throws Refused {
    if (!rules.downgradeAllowed()) {
      throw new Refused(
          BundleProblem.DOWNGRADED,
          "%s is older than %s, which is or was there; ask for the downgrade if you want it."
              .formatted(version, highest));
    }
    warned = true;
    return version + " is older than " + highest + ", as was asked for.";
  }
}
