package org.jackfield.core.transfer;

import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;

/**
 * What a state may look at when it takes an input.
 *
 * @param plan what was decided
 * @param target where the request wants the call to go
 * @param capabilities what the PBX may do
 * @param now where the parties are, this input included
 * @param unanswered whether the PBX has been asked for something that it has not answered yet
 */
public record TransferView(
    TransferPlan plan,
    TransferTarget target,
    Capabilities capabilities,
    Topology now,
    boolean unanswered) {

  public TransferView(
      TransferPlan plan, TransferTarget target, Capabilities capabilities, Topology now) {
    this(plan, target, capabilities, now, false);
  }

  Opening opening() {
    return Opening.of(plan);
  }

  /** Whether the target is in a call that was there before the request. */
  boolean besideHeldCall() {
    return opening() == Opening.HELD_CALL;
  }

  /** When a consultation is completed; an early completion has only one moment. */
  CompleteWhen completesWhen() {
    return plan.kind() == TransferPlan.Kind.EARLY_COMPLETION
        ? CompleteWhen.ON_RINGING
        : plan.complete();
  }

  boolean isAutomatic() {
    return completesWhen() != CompleteWhen.MANUAL;
  }

  /** What completion by itself makes; a conference that is dropped out of is a transfer. */
  CompleteAs completesAs() {
    return completesAs(plan);
  }

  /** What completion makes where nobody says otherwise. */
  public static CompleteAs completesAs(TransferPlan plan) {
    return plan.kind() == TransferPlan.Kind.CONFERENCE_AND_DROP
        ? CompleteAs.TRANSFER
        : plan.completeAs();
  }

  /** Whether a transfer is made by a conference that the transferor is taken out of. */
  boolean drops(CompleteAs as) {
    return as == CompleteAs.TRANSFER && plan.kind() == TransferPlan.Kind.CONFERENCE_AND_DROP;
  }

  /** Whether the plan allows a conference where the PBX will not complete as a transfer. */
  boolean mayConference() {
    return Opening.has(plan, Operation.CONFERENCE);
  }

  /** Whether a transfer may be tried where the PBX makes no conference of which one drops out. */
  boolean mayJoin() {
    return plan.kind() == TransferPlan.Kind.CONFERENCE_AND_DROP
        && (capabilities.has(Trait.TRANSFER_NORM) || capabilities.completionUndeclared());
  }

  /** Transferor and transferee as before the request: a held call that was there is held again. */
  boolean restored() {
    return besideHeldCall() ? now.restoredBesideHeld() : now.restored();
  }

  /** Nothing is left of what was started for a party that has left. */
  boolean cleared() {
    return now.transfereeGone()
        && (besideHeldCall() && now.transferorAway().isPresent()
            ? !now.targetHome()
            : now.target().isEmpty() && !now.awayLive());
  }
}
