package org.jackfield.api.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.transfer.RecallRung;

/**
 * One rule.
 *
 * @param name 1 to 80 characters, no other rule's; a plan's reasons cite it
 * @param comment why it is there, at most 512 characters, may be empty
 * @param match which requests it is about
 * @param set what it sets
 */
public record PolicyRule(String name, String comment, Match match, Settings set) {

  /**
   * Which requests: all that are named must match. In a pattern {@code *} is any run of characters,
   * {@code ?} any one, and {@code \} takes the next as it is; a pattern has at most 63 characters
   * and 4 runs.
   *
   * @param provider the PBX's name
   * @param address the transferor's address
   * @param destination the target's address; a held call has none
   * @param requester the principal who asks
   */
  public record Match(
      Optional<String> provider,
      Optional<String> address,
      Optional<String> destination,
      Optional<String> requester) {
    /** Every request. */
    public static final Match ALL =
        new Match(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * What is set; at least one.
   *
   * @param auto what is taken where the request leaves the choice to the server, first what is
   *     preferred; what is not in it is not taken
   * @param conferenceMayStandIn whether a conference may stand in for a transfer that the PBX does
   *     not have
   * @param answer how long a target may ring, 1 ms to 1 day
   * @param complete how long a consultation may last, 1 ms to 1 day
   * @param recallAfter how long a rung of the ladder may take, 1 ms to 1 day
   * @param recall the ladder for a transferee who cannot be delivered, 1 to 8 rungs
   */
  public record Settings(
      Optional<List<AutoChoice>> auto,
      Optional<Boolean> conferenceMayStandIn,
      Optional<Duration> answer,
      Optional<Duration> complete,
      Optional<Duration> recallAfter,
      Optional<List<RecallRung>> recall) {
    public Settings {
      auto = auto.map(List::copyOf);
      recall = recall.map(List::copyOf);
    }
  }
}
