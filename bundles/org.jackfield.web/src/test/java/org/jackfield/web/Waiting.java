package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a fact, at most a minute, and says how long it took. */
final class Waiting {
  private Waiting() {}

  static void until(String fact, BooleanSupplier stands) {
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(60);
    while (!stands.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println(fact + " after " + took + " ms");
    assertThat(stands.getAsBoolean()).as(fact).isTrue();
  }
}
