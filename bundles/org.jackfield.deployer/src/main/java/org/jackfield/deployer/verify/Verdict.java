package org.jackfield.deployer.verify;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.rollout.BundleCheck;
import org.osgi.framework.Version;

/**
 * What came of all checks.
 *
 * @param sha256 of the bytes that were checked; only these may be installed
 * @param symbolicName empty where the manifest could not be read
 * @param version the version; 0.0.0 where the manifest could not be read
 * @param signer the signer's fingerprint; empty where nobody signed
 * @param checks in their order, one for each {@link BundleCheck.Name}
 */
public record Verdict(
    String sha256, String symbolicName, Version version, String signer, List<BundleCheck> checks) {
  public Verdict {
    checks = List.copyOf(checks);
  }

  /** Whether it may be installed. */
  public boolean passed() {
    return checks.stream()
        .allMatch(
            c -> c.state() == BundleCheck.State.PASSED || c.state() == BundleCheck.State.WARNED);
  }

  /** The first check that refused it. */
  public Optional<BundleCheck> refusal() {
    return checks.stream().filter(c -> c.state() == BundleCheck.State.REFUSED).findFirst();
  }
}
