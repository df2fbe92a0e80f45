package org.jackfield.api.rollout;

import java.time.Duration;
import java.util.Optional;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;

/**
 * How long the calls of a driver that is taken out may live on it, where no other version takes
 * them over.
 *
 * @param deadline empty for as long as they live
 * @param onDeadline what then becomes of them. There is nobody to hand them over to, so {@code
 *     FORCE} does what {@code RELEASE} does: they are left where the PBX keeps them
 */
public record Drain(Optional<Duration> deadline, OnDeadline onDeadline) {
  /** As long as they live. */
  public static final Drain WAIT = new Drain(Optional.empty(), OnDeadline.WAIT);
}
