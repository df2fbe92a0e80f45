package org.jackfield.api.rollout;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.ShareProgress;

/**
 * How a version takes over from the one before. Its id is its bundle's.
 *
 * @param bundle what has become of it so far, step by step
 * @param plan what was asked for
 * @param shares how the calls of each PBX are shared now; empty when it is over
 */
public record Rollout(DeployedBundle bundle, RolloutPlan plan, List<Share> shares) {
  public Rollout {
    shares = List.copyOf(shares);
  }

  /**
   * One PBX of it.
   *
   * @param provider its name
   * @param progress empty where it goes over at once, at the end: its driver cannot be opened twice
   */
  public record Share(String provider, Optional<ShareProgress> progress) {}
}
