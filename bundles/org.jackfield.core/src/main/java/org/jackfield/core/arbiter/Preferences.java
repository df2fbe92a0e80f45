package org.jackfield.core.arbiter;

import java.util.List;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;

/**
 * What holds where a request says nothing, by the policy.
 *
 * @param auto what is taken where the request leaves the choice to the server, first what is
 *     preferred; what is not in it is not taken
 * @param conferenceMayStandIn whether a conference may stand in for a transfer that the PBX does
 *     not have
 * @param timeouts the deadlines
 * @param recall the ladder for a transferee who cannot be delivered
 * @param rules which rules decided
 */
public record Preferences(
    List<AutoChoice> auto,
    boolean conferenceMayStandIn,
    Timeouts timeouts,
    List<RecallRung> recall,
    Rules rules) {
  /** The shipped ones: auto is blind where it can be recovered, else consultation. */
  public static final Preferences SHIPPED =
      new Preferences(
          List.of(
              AutoChoice.BLIND_IF_RECOVERABLE,
              AutoChoice.CONSULTATION,
              AutoChoice.ONE_STEP,
              AutoChoice.NEW_CALL,
              AutoChoice.BLIND,
              AutoChoice.EARLY_COMPLETION,
              AutoChoice.CONFERENCE_AND_DROP),
          true,
          Timeouts.DEFAULT,
          List.of(new RecallRung.ToTransferor()),
          Rules.SHIPPED);

  public Preferences {
    auto = List.copyOf(auto);
    recall = List.copyOf(recall);
  }

  /**
   * The names of the rules that decided, for the reasons of a plan.
   *
   * @param auto whose {@link Preferences#auto} it is
   * @param conference whose {@link Preferences#conferenceMayStandIn} it is
   * @param timeouts whose {@link Preferences#timeouts} they are; of several, with commas
   * @param recall whose {@link Preferences#recall} it is
   */
  public record Rules(String auto, String conference, String timeouts, String recall) {
    /** What no rule of the policy's file has set. */
    public static final Rules SHIPPED =
        new Rules(
            "auto is blind where it can be recovered, else consultation",
            "shipped",
            "shipped",
            "shipped");
  }
}
