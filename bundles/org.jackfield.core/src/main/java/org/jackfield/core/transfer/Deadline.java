package org.jackfield.core.transfer;

import java.time.Duration;

/**
 * The one deadline that a transfer has at a time.
 *
 * @param token grows with each that is armed; another token is stale and ignored
 * @param asked whether it has passed once and the PBX has been asked how things are
 * @param lost whether it waits for a provider that is gone
 */
public record Deadline(int token, boolean asked, boolean lost) {
  /** How long a call that may be on its way to somebody else is let be. */
  static final Duration GIVE_WAY = Duration.ofSeconds(3);

  /** How long the PBX may take for a step that does not wait for a person. */
  static final Duration STEP = Duration.ofSeconds(10);

  /** How long a provider may be gone before its transfers are given up. */
  static final Duration LOST = Duration.ofMinutes(2);

  static final Deadline FIRST = new Deadline(1, false, false);

  /** The first of a plan that follows another. */
  static Deadline after(int token) {
    return new Deadline(token + 1, false, false);
  }

  Deadline next() {
    return new Deadline(token + 1, false, false);
  }

  Deadline thenAsked() {
    return new Deadline(token + 1, true, false);
  }

  Deadline thenLost() {
    return new Deadline(token + 1, false, true);
  }

  Effect.Arm in(Duration after) {
    return new Effect.Arm(token, after);
  }
}
