package org.jackfield.api.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;

/**
 * How far a driver that is taken out has drained.
 *
 * @param since when it began
 * @param deadline until when its calls may live; empty for as long as they do
 * @param onDeadline what then becomes of them
 * @param left how many sessions that lived when it began live still, by PBX; without those that
 *     have not told yet
 */
public record Draining(
    Instant since, Optional<Instant> deadline, OnDeadline onDeadline, Map<String, Integer> left) {
  public Draining {
    left = Collections.unmodifiableMap(new TreeMap<>(left));
  }

  /** The same, with other numbers. */
  public Draining with(Map<String, Integer> numbers) {
    return new Draining(since, deadline, onDeadline, numbers);
  }
}
