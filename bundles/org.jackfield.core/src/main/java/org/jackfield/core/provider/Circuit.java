package org.jackfield.core.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Refuses new work for a driver that has not answered for a while, so that nobody waits for it in
 * vain. After a pause one command is let through; its answer decides. Any thread; while all is well
 * it is only looked at, and locks nobody.
 */
final class Circuit {
  /** So many commands without an answer, one after the other, are enough. */
  static final int ENOUGH = 10;

  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final String WHY =
      "its driver has not answered " + ENOUGH + " commands in a row; one is tried every 10 s";

  private final InstantSource clock;
  private final Consumer<Optional<String>> health;
  private volatile int unanswered;
  private Instant next = Instant.MIN;

  /**
   * @param health told in order that it refuses, and with nothing that it no longer does; must not
   *     block
   */
  Circuit(InstantSource clock, Consumer<Optional<String>> health) {
    this.clock = clock;
    this.health = health;
  }

  /** Why nothing is begun at present. */
  Optional<String> present() {
    return unanswered < ENOUGH ? Optional.empty() : paused();
  }

  private synchronized Optional<String> paused() {
    boolean open = unanswered >= ENOUGH && clock.instant().isBefore(next);
    return open ? Optional.of(WHY) : Optional.empty();
  }

  /** Why a command is not sent, unless it may be: the first after the pause. */
  Optional<String> refusal() {
    return unanswered < ENOUGH ? Optional.empty() : refusalOrTry();
  }

  private synchronized Optional<String> refusalOrTry() {
    Optional<String> why = paused();
    if (why.isEmpty() && unanswered >= ENOUGH) {
      next = clock.instant().plus(PAUSE);
    }
    return why;
  }

  /** A command was answered, whatever the answer is. */
  void answered() {
    if (unanswered > 0) {
      close();
    }
  }

  private synchronized void close() {
    if (unanswered >= ENOUGH) {
      health.accept(Optional.empty());
    }
    unanswered = 0;
  }

  /** A command was given, and nobody can tell what became of it. */
  synchronized void unanswered() {
    unanswered++;
    next = clock.instant().plus(PAUSE);
    if (unanswered == ENOUGH) {
      health.accept(Optional.of(WHY));
    }
  }
}
