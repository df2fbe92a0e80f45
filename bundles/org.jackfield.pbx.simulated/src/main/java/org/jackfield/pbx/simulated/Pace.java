package org.jackfield.pbx.simulated;

import java.time.Duration;

/**
 * How fast people and lines are.
 *
 * @param dial from the last digit to the first sign from the far end
 * @param ringMin the shortest time that an ordinary phone rings before it is answered
 * @param ringMax the longest
 * @param service how long 6001 and 6004 ring
 * @param clearDown how long a lone party hears the tone before its line is cleared
 * @param noAnswer how long a transferred party waits for a ringing phone before the recall
 * @param recall after a failed transfer, until the transferor is recalled
 * @param patience how long a lone party that nobody is recalled for is kept
 * @param campOn between two tries of a busy phone
 */
public record Pace(
    Duration dial,
    Duration ringMin,
    Duration ringMax,
    Duration service,
    Duration clearDown,
    Duration noAnswer,
    Duration recall,
    Duration patience,
    Duration campOn) {

  /** As people do it. */
  public static Pace natural() {
    return new Pace(
        Duration.ofMillis(30),
        Duration.ofMillis(1000),
        Duration.ofMillis(4000),
        Duration.ofMillis(500),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1));
  }
}
