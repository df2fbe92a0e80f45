package org.jackfield.api.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a staged version takes over from the one before.
 *
 * @param bundle the id of the staged bundle
 * @param providers the PBXs that are to have it; empty for all of its driver
 * @param mode what becomes of the calls that the version before serves
 * @param steps which part of the new calls it serves, 1 to 100 percent, ascending; empty for at
 *     once
 * @param step how long each step is watched before the next
 * @param deadline how long calls may drain; empty for as long as they live
 * @param onDeadline what becomes of those that live longer
 * @param failurePercent rolled back if more of its commands fail, of at least {@link
 *     #ENOUGH_COMMANDS}
 * @param stall rolled back if an answer takes longer
 */
public record RolloutPlan(
    String bundle,
    Set<String> providers,
    Mode mode,
    List<Integer> steps,
    Duration step,
    Optional<Duration> deadline,
    OnDeadline onDeadline,
    Optional<Integer> failurePercent,
    Optional<Duration> stall) {
  /** Of fewer commands no rate is told. */
  public static final int ENOUGH_COMMANDS = 10;

  /** How long a step is watched where nothing is said. */
  public static final Duration STEP = Duration.ofMinutes(1);

  public RolloutPlan {
    providers = Set.copyOf(providers);
    steps = List.copyOf(steps);
    int before = 0;
    for (int percent : steps) {
      if (percent <= before || percent > 100) {
        throw new IllegalArgumentException("steps are percentages from 1 to 100, ascending");
      }
      before = percent;
    }
  }

  /** What becomes of the calls that the version before serves. */
  public enum Mode {
    /** They are handed over as they are when the last step has been watched. */
    HAND_OVER,
    /** They stay with the version before until they end. */
    DRAIN
  }

  /** What becomes of calls that live longer than the deadline. */
  public enum OnDeadline {
    /** They are waited for. */
    WAIT,
    /** The version before leaves them where the PBX keeps them, and the new one pictures them. */
    RELEASE,
    /** They are handed over as they are. */
    FORCE;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
