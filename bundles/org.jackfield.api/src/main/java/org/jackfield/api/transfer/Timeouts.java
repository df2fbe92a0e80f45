package org.jackfield.api.transfer;

import java.time.Duration;

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

  private static void check(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a timeout must be 1 ms to 1 day");
    }
  }
}
