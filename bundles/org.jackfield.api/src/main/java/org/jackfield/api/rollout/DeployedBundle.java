package org.jackfield.api.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A JAR that came in, and what became of it.
 *
 * @param id opaque
 * @param symbolicName empty where it could not be read
 * @param version empty where it could not be read
 * @param sha256 of its bytes, in lower-case hexadecimal
 * @param signer the fingerprint of the signer's certificate; empty for an unsigned one
 * @param by who brought it
 * @param via the way in: {@code rest}, {@code shell}, {@code folder}
 * @param file its name in {@code deploy/}; empty where it came otherwise
 * @param receivedAt when
 * @param state how far it has come
 * @param why a sentence for a person where it does not run; else empty
 * @param checks what was looked at before any class of it was loaded
 * @param steps what was done, in order
 * @param draining how far it has drained; while it does
 */
public record DeployedBundle(
    String id,
    String symbolicName,
    String version,
    String sha256,
    String signer,
    String by,
    String via,
    String file,
    Instant receivedAt,
    State state,
    String why,
    List<BundleCheck> checks,
    List<Step> steps,
    Optional<Draining> draining) {
  public DeployedBundle {
    checks = List.copyOf(checks);
    steps = List.copyOf(steps);
  }

  /** One that does not drain. */
  public DeployedBundle(
      String id,
      String symbolicName,
      String version,
      String sha256,
      String signer,
      String by,
      String via,
      String file,
      Instant receivedAt,
      State state,
      String why,
      List<BundleCheck> checks,
      List<Step> steps) {
    this(
        id,
        symbolicName,
        version,
        sha256,
        signer,
        by,
        via,
        file,
        receivedAt,
        state,
        why,
        checks,
        steps,
        Optional.empty());
  }

  /** The same, a step or more later. */
  public DeployedBundle becomes(State now, String why, List<Step> steps) {
    return becomes(now, why, steps, Optional.empty());
  }

  /** The same, while it drains. */
  public DeployedBundle drains(String why, Draining draining) {
    return becomes(State.DRAINING, why, steps, Optional.of(draining));
  }

  private DeployedBundle becomes(
      State now, String why, List<Step> steps, Optional<Draining> draining) {
    return new DeployedBundle(
        id,
        symbolicName,
        version,
        sha256,
        signer,
        by,
        via,
        file,
        receivedAt,
        now,
        why,
        checks,
        steps,
        draining);
  }

  /** How far it has come. */
  public enum State {
    VERIFYING,
    /** It has been verified and kept, and waits for its rollout. */
    STAGED,
    INSTALLING,
    STARTING,
    /** The open PBXs of its driver are moving to it from the version before. */
    MOVING,
    /** It serves a share of the new calls; the version before serves the rest. */
    ROLLING,
    /** It runs; the version before stays as standby. */
    ACTIVE,
    /**
     * It is to be taken out: the calls that live on it are waited for, and nothing new is begun.
     */
    DRAINING,
    /** A check has said no; nothing was installed. */
    REFUSED,
    /** It could not be installed or started, or a PBX did not take it; it is gone. */
    FAILED,
    /** It was taken out. */
    REMOVED;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something that was done.
   *
   * @param name the state in which it was done
   * @param done whether it succeeded
   * @param text a sentence for a person
   * @param took how long it took
   */
  public record Step(State name, boolean done, String text, Duration took) {}
}
