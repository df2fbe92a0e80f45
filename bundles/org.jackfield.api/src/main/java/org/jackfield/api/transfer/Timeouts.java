package org.jackfield.api.transfer;

import java.time.Duration;
import java.util.Optional;

/**
 * The deadlines of one transfer, each 1 ms to 1 day; at each the PBX is asked before anything is
 * said.
 *
 * @param answer how long a target may ring
 * @param complete how long a consultation may last
 * @param recall how long a rung of the recall ladder may take
 */
public record Timeouts(Duration answer, Duration complete, Duration recall) {
  /** 30 s for an answer, an hour of talk, 20 s for each rung. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofSeconds(20));

  public Timeouts {
    check(answer);
    check(complete);
    check(recall);
  }

  /**
   * Some of the deadlines, each 1 ms to 1 day; what is left out comes from the policy.
   *
   * @param answer how long a target may ring
   * @param complete how long a consultation may last
   * @param recall how long a rung of the recall ladder may take
   */
  public record Asked(
      Optional<Duration> answer, Optional<Duration> complete, Optional<Duration> recall) {
    /** None. */
    public static final Asked NONE =
        new Asked(Optional.empty(), Optional.empty(), Optional.empty());

    public Asked {
      answer.ifPresent(Timeouts::check);
      complete.ifPresent(Timeouts::check);
      recall.ifPresent(Timeouts::check);
    }

    /** These, and where one is left out the usual one. */
    public Timeouts orElse(Timeouts usual) {
      return new Timeouts(
          answer.orElse(usual.answer),
          complete.orElse(usual.complete),
          recall.orElse(usual.recall));
    }
  }

  private static void check(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a timeout must be 1 ms to 1 day");
    }
  }
}
