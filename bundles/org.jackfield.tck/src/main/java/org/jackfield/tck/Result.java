package org.jackfield.tck;

import java.time.Duration;
import java.util.Optional;

/**
 * What a check has found.
 *
 * @param id its number: {@code R9.2} is the second check of rule R9
 * @param rule the rule that the check belongs to; of a driver that breaks one, that one
 * @param name what must be so
 * @param required of every driver, or only of those that declare what it is about
 * @param verdict how it ended
 * @param words why it did not pass; else empty
 * @param fault what was thrown, if anything was
 * @param took how long it took
 */
public record Result(
    String id,
    Rule rule,
    String name,
    boolean required,
    Verdict verdict,
    String words,
    Optional<Throwable> fault,
    Duration took) {

  /** How a check ended. */
  public enum Verdict {
    PASSED,
    /** The driver breaks the rule. */
    BROKEN,
    /** The kit, its testbed or the PBX behind it has failed: nothing is said of the driver. */
    KIT_FAULT,
    /** The driver does not declare what it is about. */
    NOT_DECLARED
  }
}
