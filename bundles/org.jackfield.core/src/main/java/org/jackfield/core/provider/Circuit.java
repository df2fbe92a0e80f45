package org.jackfield.core.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Refuses new work for a driver that has not answered for a while, so that nobody waits for it in
 * vain. After a pause one command is let through; its answer decides. Any thread.
 */
final class Circuit {
  /** So many commands without an answer, one after the other, are enough. */
  static final int ENOUGH = 10;

  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final String WHY =
      "its driver has not answered " + ENOUGH + " commands in a row; one is tried every 10 s";

  private final InstantSource clock;
  private final Consumer<Optional<String>> health;
  private int unanswered;
  private Instant next = Instant.MIN;

  /**
   * @param health told that it refuses, and with nothing that it no longer does
   */
  Circuit(InstantSource clock, Consumer<Optional<String>> health) {
    this.clock = clock;
    this.health = health;
  }

  /** Why nothing is begun at present. */
  synchronized Optional<String> present() {
    boolean open = unanswered >= ENOUGH && clock.instant().isBefore(next);
    return open ? Optional.of(WHY) : Optional.empty();
  }

  /** Why a command is not sent, unless it may be: the first after the pause. */
  synchronized Optional<String> refusal() {
    Optional<String> why = present();
    if (why.isEmpty() && unanswered >= ENOUGH) {
      next = clock.instant().plus(PAUSE);
    }
    return why;
  }

  /** A command was answered, whatever the answer is. */
  void answered() {
    boolean wasOpen;
    synchronized (this) {
      wasOpen = unanswered >= ENOUGH;
      unanswered = 0;
    }
    if (wasOpen) {
      health.accept(Optional.empty());
    }
  }

  /** A command was given, and nobody can tell what became of it. */
  void unanswered() {
    boolean opens;
    synchronized (this) {
      opens = ++unanswered == ENOUGH;
      next = clock.instant().plus(PAUSE);
    }
    if (opens) {
      health.accept(Optional.of(WHY));
    }
  }
}
