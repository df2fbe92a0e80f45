package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;

/** The PBX's clock. Tasks run one after the other on the PBX's thread. */
public interface Timers {

  /** The present time. */
  Instant now();

  /**
   * Runs a task once, after a delay.
   *
   * @param delay zero or more; zero runs the task after the present one
   * @return cancels the task; does nothing when it has run
   */
  Timer after(Duration delay, Runnable task);

  /** A task that waits. */
  @FunctionalInterface
  interface Timer {
    /** Takes the task back. */
    void cancel();
  }
}
