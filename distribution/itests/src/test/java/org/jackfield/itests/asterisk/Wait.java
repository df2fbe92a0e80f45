package org.jackfield.itests.asterisk;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bounded waits on a fact. */
public final class Wait {
  private static final long POLL_MILLIS = 25;

  private Wait() {}

  /**
   * Waits until the fact holds; prints how long it took, and fails with the fact's last words when
   * the limit passes.
   */
  public static void until(String fact, Duration limit, Supplier<Boolean> holds) {
    until(fact, limit, holds, () -> "");
  }

  public static void until(
      String fact, Duration limit, Supplier<Boolean> holds, Supplier<String> instead) {
    long start = System.nanoTime();
    while (!holds.get()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new AssertionError(
            "not within " + limit.toMillis() + " ms: " + fact + "; instead: " + instead.get());
      }
      pause(POLL_MILLIS);
    }
    System.out.printf("  %-60s %6d ms%n", fact, (System.nanoTime() - start) / 1_000_000);
  }

  /** Lets time pass between two looks at something that cannot be awaited. */
  static void pause(long millis) {
    try {
      var passed = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
      assert !passed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
