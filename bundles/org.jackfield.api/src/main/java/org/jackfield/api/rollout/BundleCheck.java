package org.jackfield.api.rollout;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * One check of a JAR, made before any class of it is loaded.
 *
 * @param name what was looked at
 * @param state what came of it
 * @param problem why it was refused; only where it was
 * @param text a sentence for a person: what was found, and of a refusal what to do
 * @param took how long it took
 */
public record BundleCheck(
    Name name, State state, Optional<BundleProblem> problem, String text, Duration took) {

  /** The checks, in their order. */
  public enum Name {
    /** The container itself: sizes, names, nothing hidden. */
    ZIP,
    MANIFEST,
    /** Every entry by one pinned signer. */
    SIGNATURE,
    /** No silent downgrade, no other's name. */
    VERSION,
    /** Only packages that a driver may use. */
    IMPORTS,
    /** No package of the server or of another bundle. */
    PACKAGES,
    /** The API it was built against. */
    API,
    /** What else it needs is there. */
    REQUIREMENTS,
    /** What it can do, beside the running version and the policy. */
    CAPABILITIES;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What came of a check. */
  public enum State {
    PASSED,
    /** Let through, but somebody should know. */
    WARNED,
    REFUSED,
    /** Not made, because one before it refused. */
    NOT_MADE;

    /** The name used in JSON. */
    public String text() {
      return this == NOT_MADE ? "notMade" : name().toLowerCase(Locale.ROOT);
    }
  }
}
