package org.jackfield.core.provider;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees when one call into a driver takes too long. One call at a time; any thread may look. */
final class Watch {
  /** How long a call may take. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  static final String HANGS = "a call into its driver takes more than 2 s";

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final String name;
  private final Environment environment;
  private final Consumer<Optional<String>> health;
  private final Interruptible thread = new Interruptible();
  private final AtomicReference<Timers.Timer> timer = new AtomicReference<>();
  private volatile long startedAt;
  private volatile boolean slow;

  /**
   * @param health told that it takes too long, and with nothing that it no longer does
   */
  Watch(String name, Environment environment, Consumer<Optional<String>> health) {
    this.name = name;
    this.environment = environment;
    this.health = health;
  }

  /** Whether the present call takes too long. */
  boolean isSlow() {
    return slow;
  }

  void run(Runnable task) {
    startedAt = environment.clock().millis();
    arm();
    try {
      thread.run(task);
    } finally {
      startedAt = 0;
      if (slow) {
        slow = false;
        health.accept(Optional.empty());
      }
    }
  }

  private void arm() {
    if (timer.get() == null) {
      timer.set(environment.timers().after(PATIENCE, this::look));
    }
  }

  private void look() {
    timer.set(null);
    long since = startedAt;
    if (since == 0) {
      return;
    }
    if (environment.clock().millis() - since >= PATIENCE.toMillis() && !slow) {
      slow = true;
      LOG.warn("{}: {}", name, HANGS);
      health.accept(Optional.of(HANGS));
    }
    arm();
  }

  /** Interrupts the present call, if there is one; gives the name of its thread. */
  Optional<String> interrupt() {
    return thread.interrupt();
  }

  void stop() {
    Timers.Timer waiting = timer.getAndSet(null);
    if (waiting != null) {
      waiting.cancel();
    }
  }
}
