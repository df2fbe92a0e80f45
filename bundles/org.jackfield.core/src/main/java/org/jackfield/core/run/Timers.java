package org.jackfield.core.run;

import java.time.Duration;

/** Runs something later. Any thread. */
public interface Timers {
  /** Runs the task once, after the delay, on any thread; it must not block. */
  Timer after(Duration delay, Runnable task);

  /** A task that waits for its time. */
  interface Timer {
    /** A timer that has nothing to cancel. */
    Timer NONE = () -> {};

    /** It will not run, unless it runs already; nothing of it is kept. Idempotent. */
    void cancel();
  }
}
