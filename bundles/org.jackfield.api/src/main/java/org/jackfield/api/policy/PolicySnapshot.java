package org.jackfield.api.policy;

import java.time.Instant;
import java.util.List;

/**
 * The policy in force.
 *
 * @param version grows with each change, by whatever way it came, also over restarts
 * @param since when it came into force
 * @param source where it is from
 * @param by who changed it: a principal, or {@code jackfield} for a file that was edited
 * @param file the file's name in {@code etc/}
 * @param policy its rules
 * @param warnings the rules, or settings of rules, that are never reached
 * @param refused why the file as it lies is not in force; empty where it is
 */
public record PolicySnapshot(
    long version,
    Instant since,
    Source source,
    String by,
    String file,
    Policy policy,
    List<PolicyProblem> warnings,
    List<PolicyProblem> refused) {

  public PolicySnapshot {
    warnings = List.copyOf(warnings);
    refused = List.copyOf(refused);
  }

  /** Where a policy is from. */
  public enum Source {
    /** There has never been a file. */
    SHIPPED("shipped"),
    /** The file was edited. */
    FILE("file"),
    /** It was sent. */
    REQUEST("request");

    private final String text;

    Source(String text) {
      this.text = text;
    }

    /** The name used in JSON. */
    public String text() {
      return text;
    }
  }
}
