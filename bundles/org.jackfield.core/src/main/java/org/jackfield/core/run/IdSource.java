package org.jackfield.core.run;

import java.util.random.RandomGenerator;

/** Draws 64-bit ids, never 0. Any thread. */
public final class IdSource {
  private final RandomGenerator random;

  public IdSource(RandomGenerator random) {
    this.random = random;
  }

  public synchronized long next() {
    long id;
    do {
      id = random.nextLong();
    } while (id == 0);
    return id;
  }
}
