package org.jackfield.api.rollout;

/** The answer to whoever asks for a rollout, or for its end. */
public sealed interface RolloutReply {
  /** It has begun, or goes back. */
  record Accepted(Rollout rollout) implements RolloutReply {}

  /**
   * It is not possible now.
   *
   * @param why a sentence for a person
   */
  record Refused(String why) implements RolloutReply {}
}
